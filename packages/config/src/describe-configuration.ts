import { describeOrigin } from './configuration-origin.js';
import type { ConfigurationValues, EffectiveValue } from './configuration-values.js';
import { REDACTED } from './secret.js';

/** One line for each option: `[ingress] l7_router_uuid = 99f5… (/etc/kuryr/kuryr.conf:12)`; secrets as `***`. */
export function describeConfiguration(configuration: ConfigurationValues): readonly string[] {
  return [...configuration.values()].map((effective) => {
    const { option, origin } = effective;
    return [`[${option.group}] ${option.name} =`, shown(effective), `(${describeOrigin(origin)})`]
      .filter(Boolean)
      .join(' ');
  });
}

function shown({ option, value, secret }: EffectiveValue): string {
  if (value === undefined) return '';
  return secret ? REDACTED : option.type.format(value).replaceAll('\n', '\\n');
}
