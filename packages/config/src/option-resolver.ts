import type { ConfigurationProblem } from './configuration-file-error.js';
import type { ConfigurationNotice } from './configuration-notice.js';
import { describeOrigin, type Origin } from './configuration-origin.js';
import { type EffectiveValue, optionKey } from './configuration-values.js';
import { type GivenSources, type GivenText, givenTexts } from './given-texts.js';
import type { Option } from './option.js';
import { isSecret } from './secret.js';
import { substitute } from './substitution.js';

/** Finds the value in effect of each option, substituting other options' values, and collects all that is wrong. */
export class OptionResolver {
  readonly problems: ConfigurationProblem[] = [];
  readonly notices: ConfigurationNotice[] = [];
  readonly #options: ReadonlyMap<string, Option>;
  readonly #sources: GivenSources;
  /** Undefined where the value is bad. */
  readonly #resolved = new Map<string, EffectiveValue | undefined>();
  readonly #resolving = new Set<string>();

  /** @throws TypeError for two options of one name */
  constructor(options: readonly Option[], sources: GivenSources) {
    const byKey = new Map<string, Option>();
    for (const option of options) {
      const key = optionKey(option);
      if ((byKey.get(key) ?? option) !== option)
        throw new TypeError(`duplicate option: [${option.group}] ${option.name}`);
      byKey.set(key, option);
    }
    this.#options = byKey;
    this.#sources = sources;
  }

  resolveAll(): readonly EffectiveValue[] {
    return [...this.#options.values()].flatMap((option) => this.#resolve(option) ?? []);
  }

  #resolve(option: Option): EffectiveValue | undefined {
    const key = optionKey(option);
    if (!this.#resolved.has(key)) {
      this.#resolving.add(key);
      this.#resolved.set(key, this.#read(option));
      this.#resolving.delete(key);
    }
    return this.#resolved.get(key);
  }

  #read(option: Option): EffectiveValue | undefined {
    const given = givenTexts(option, this.#sources);
    const last = given.at(-1);
    if (last === undefined) {
      return { option, value: option.default, origin: { kind: 'default' }, secret: isSecret(option) };
    }
    this.#tellDeprecated(option, given);
    const { multiple } = option.type;
    const texts = (multiple === undefined ? [last] : given).map((text) => this.#substituted(option, text));
    const secret = texts.some((text) => text.secret);
    const failure = texts.find((text) => text.failure !== undefined)?.failure;
    if (failure !== undefined) return this.#refuse(option, last.origin, failure);
    const [first = '', ...further] = texts.map(({ text }) => text);
    try {
      const value = multiple === undefined ? option.type.parse(first) : multiple.parse([first, ...further]);
      return { option, value, origin: last.origin, secret };
    } catch (error) {
      const hidden = `not a valid ${option.type.name} value (a secret, not shown)`;
      return this.#refuse(option, last.origin, secret ? hidden : error);
    }
  }

  #substituted(option: Option, { text, origin }: GivenText): { text: string; secret: boolean; failure?: string } {
    let secret = isSecret(option);
    let failure: string | undefined;
    const result = substitute(text, (name) => {
      const referred = this.#referred(option, name);
      if (referred === undefined) return undefined;
      if (this.#resolving.has(optionKey(referred))) {
        failure = `the substitution of $${name} leads back to this option`;
        return '';
      }
      const effective = this.#resolve(referred);
      if (effective === undefined) {
        failure = `$${name} is substituted here, and [${referred.group}] ${referred.name} has no valid value`;
        return '';
      }
      secret ||= effective.secret;
      return asText(effective);
    });
    this.#tellSubstitution(option, origin, { written: text, ...result });
    return { text: result.text, secret, ...(failure === undefined ? {} : { failure }) };
  }

  /** The option of that name in the same section, otherwise in `[DEFAULT]`, or the one that `group.name` says. */
  #referred(option: Option, name: string): Option | undefined {
    const dot = name.indexOf('.');
    if (dot >= 0) return this.#options.get(name);
    return (
      this.#options.get(optionKey({ group: option.group, name })) ??
      this.#options.get(optionKey({ group: 'DEFAULT', name }))
    );
  }

  /** A `$` in a password is more often a dollar sign than a substitution; of a secret not even a part is shown. */
  #tellSubstitution(
    option: Option,
    origin: Origin,
    {
      written,
      text,
      unknown,
    }: { readonly written: string; readonly text: string; readonly unknown: readonly string[] },
  ): void {
    if (isSecret(option)) {
      if (text !== written) {
        this.#warn(
          option,
          origin,
          'a $ in the value was taken for a substitution or an escape and the value was changed; write \\$ for each dollar sign that is meant',
        );
      } else if (unknown.length > 0) {
        this.#warn(
          option,
          origin,
          'a $ in the value looks like a substitution of an option that does not exist and was left as it is; write \\$ for a dollar sign',
        );
      }
      return;
    }
    for (const name of new Set(unknown)) {
      this.#warn(
        option,
        origin,
        `there is no option for the substitution $${name}, which was left as it is; write \\$ for a dollar sign`,
      );
    }
  }

  #tellDeprecated(option: Option, given: readonly GivenText[]): void {
    for (const { deprecatedName, origin } of given) {
      if (deprecatedName === undefined) continue;
      const { group, name } = option;
      const message = `Option "${deprecatedName}" from group "${group}" is deprecated. Use option "${name}" from group "${group}".`;
      this.notices.push({ level: 'warning', message: `${describeOrigin(origin)}: ${message}` });
    }
  }

  #warn({ group, name }: Option, origin: Origin, message: string): void {
    this.notices.push({ level: 'warning', message: `${describeOrigin(origin)}: [${group}] ${name}: ${message}` });
  }

  #refuse({ group, name }: Option, origin: Origin, reason: unknown): undefined {
    const text = reason instanceof Error ? reason.message : String(reason);
    this.problems.push({ where: describeOrigin(origin), option: { group, name }, reason: text });
  }
}

/** As oslo.config substitutes it: booleans as Python writes them, nothing for an option that is not set. */
function asText({ option, value }: EffectiveValue): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return option.type.format(value);
}
