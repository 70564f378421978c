import { describe, expect, it } from '@jest/globals';
import { AnswerError } from '../errors/answer-error.js';
import { AnswerReader } from './answer-reader.js';

const pool = AnswerReader.of(
  {
    id: 'p1',
    empty: '',
    nothing: null,
    up: true,
    count: 3,
    half: 1.5,
    status: 'ACTIVE',
    tags: ['a', 2],
    members: [{ id: 'm1' }, 'm2'],
    headers: { a: 'true', b: true },
  },
  'GET /pools: pools[3]',
);

describe('an answer', () => {
  it('gives fields of the type that they should have', () => {
    expect(pool.string('id')).toBe('p1');
    expect(pool.boolean('up')).toBe(true);
    expect(pool.integer('count')).toBe(3);
    expect(pool.numberOrNull('half')).toBe(1.5);
    expect(pool.oneOf('status', ['ACTIVE', 'ERROR'])).toBe('ACTIVE');
    expect(pool.texts('headers')).toEqual({ a: 'true', b: 'true' });
  });

  it.each(['nothing', 'missing'])('gives the default of a field that is %s', (name) => {
    expect(pool.text(name)).toBe('');
    expect(pool.stringOrNull(name)).toBeNull();
    expect(pool.integerOrNull(name)).toBeNull();
    expect(pool.numberOrNull(name)).toBeNull();
    expect(pool.booleanOr(name, true)).toBe(true);
    expect(pool.strings(name)).toEqual([]);
    expect(pool.list(name, () => 1)).toEqual([]);
    expect(pool.texts(name)).toEqual({});
    expect(pool.objectOrNull(name, () => 1)).toBeNull();
  });

  it.each<[string, () => unknown]>([
    ['.missing: a string was expected, but found nothing', () => pool.string('missing')],
    ['.empty: a string was expected, but found an empty string', () => pool.string('empty')],
    ['.count: a string was expected, but found a value of type number', () => pool.text('count')],
    ['.id: true or false was expected, but found a value of type string', () => pool.boolean('id')],
    ['.half: an integer was expected, but found a value of type number', () => pool.integer('half')],
    ['.id: a number was expected, but found a value of type string', () => pool.numberOrNull('id')],
    [
      '.status: one of UP, DOWN was expected, but found a value of type string',
      () => pool.oneOf('status', ['UP', 'DOWN']),
    ],
    ['.tags[1]: a string was expected, but found a value of type number', () => pool.strings('tags')],
    ['.members[1]: an object was expected, but found a value of type string', () => pool.list('members', () => 1)],
    ['.id: an array was expected, but found a value of type string', () => pool.list('id', () => 1)],
    ['.nothing: an array was expected, but found null', () => pool.requiredList('nothing', () => 1)],
    ['.tags: an object was expected, but found an array', () => pool.object('tags', () => 1)],
    ['.id: an object was expected, but found a value of type string', () => pool.texts('id')],
    ['.members[0].name: a string was expected, but found nothing', () => pool.list('members', (m) => m.string('name'))],
  ])('is refused by its path: %s', (message, read) => {
    expect(read).toThrow(AnswerError);
    expect(read).toThrow(`GET /pools: pools[3]${message}`);
  });

  it('that is no object is refused', () => {
    expect(() => AnswerReader.of([], 'GET /pools')).toThrow('GET /pools: an object was expected, but found an array');
  });
});
