import { describe, expect, it } from '@jest/globals';
import { float, integer, port } from './number.js';

describe('integer', () => {
  it.each([
    ['0', 0],
    ['-5', -5],
    ['+5', 5],
    [' 7 ', 7],
    ['007', 7],
    ['1_000', 1000],
  ])('reads %j', (text, value) => {
    expect(integer().parse(text)).toBe(value);
  });

  it.each([[''], ['1.5'], ['0x10'], ['1e3'], ['ten'], ['1_'], ['5s'], ['NaN']])('refuses %j', (text) => {
    expect(() => integer().parse(text)).toThrow(`'${text}' is not an integer`);
  });

  it('allows its bounds and nothing beyond', () => {
    const type = integer({ minimum: -1, maximum: 9 });
    expect([type.parse('-1'), type.parse('9')]).toEqual([-1, 9]);
    expect(() => type.parse('-2')).toThrow('Should be greater than or equal to -1, but found -2');
    expect(() => type.parse('10')).toThrow('Should be less than or equal to 9, but found 10');
    expect(type.allowed).toEqual(['Minimum value: -1', 'Maximum value: 9']);
  });

  it('refuses what a number cannot hold exactly', () => {
    expect(() => integer().parse('9007199254740993')).toThrow('9007199254740993 is too large');
  });
});

describe('float', () => {
  it.each([
    ['1.5', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['-2E-1', -0.2],
    ['1_000.5', 1000.5],
  ])('reads %j', (text, value) => {
    expect(float().parse(text)).toBe(value);
  });

  it.each([[''], ['.'], ['nan'], ['inf'], ['1e999'], ['1,5']])('refuses %j', (text) => {
    expect(() => float().parse(text)).toThrow(`'${text}' is not a number`);
  });
});

describe('port', () => {
  it('is 0 to 65535', () => {
    expect([port().parse('0'), port().parse('65535')]).toEqual([0, 65535]);
    expect(() => port().parse('65536')).toThrow('Should be less than or equal to 65535, but found 65536');
    expect(() => port().parse('-1')).toThrow('Should be greater than or equal to 0, but found -1');
  });
});
