import { formatIniValue } from './ini-value.js';
import type { Option } from './option.js';
import { escapeSubstitution } from './substitution.js';

const WIDTH = 79;

/**
 * A kuryr.conf with every option commented out at its default, as oslo-config-generator writes it: sections by name with
 * `[DEFAULT]` first, the options of each in the order given. An option that several plugins define alike is there once.
 * One without a default is shown empty, which for such an option is the same as not being there (and not as `<None>`,
 * which would be a value once uncommented).
 */
export function sampleConfig(options: readonly Option[]): string {
  const names = [...new Set(options.map(({ group }) => group))].sort();
  const groups = [...names.filter((name) => name === 'DEFAULT'), ...names.filter((name) => name !== 'DEFAULT')];
  const sections = groups.map((group) => {
    const entries = new Set(options.filter((option) => option.group === group).map(sampleEntry));
    return [`[${group}]`, ...entries].join('\n\n');
  });
  return `${sections.join('\n\n\n')}\n`;
}

function sampleEntry(option: Option): string {
  const { type, group, name, help } = option;
  const typeName = type.multiple === undefined ? `${type.name} value` : 'multi valued';
  return [
    ...wrapped(`${help} (${typeName})`),
    ...(type.allowed ?? []).map((line) => `# ${line}`),
    ...(option.deprecatedNames ?? []).map((deprecated) => `# Deprecated group/name - [${group}]/${deprecated}`),
    ...defaultTexts(option).map((text) => `#${name} = ${formatIniValue(escapeSubstitution(text))}`.trimEnd()),
  ].join('\n');
}

function defaultTexts({ type, default: value }: Option): readonly string[] {
  if (type.multiple === undefined) return [value === undefined ? '' : type.format(value)];
  const texts = type.multiple.format(value);
  return texts.length === 0 ? [''] : texts;
}

/** Comment lines of at most 79 characters, unless a single word is longer. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(/\s+/)) {
    if (line !== '#' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
