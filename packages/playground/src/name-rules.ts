/**
 * The rules for names, labels and ports, each answering the texts of what is wrong, as k8s.io/apimachinery
 * (util/validation) words them. No text: the value is fine.
 */
type Problems = readonly string[];

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const DNS_1035_LABEL = '[a-z]([-a-z0-9]*[a-z0-9])?';
const WILDCARD = `\\*\\.${SUBDOMAIN}`;
const LABEL_KEY = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${LABEL_KEY})?`;
const CONFIG_KEY = '[-._a-zA-Z0-9]+';
const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

export function dnsLabelProblems(value: string): Problems {
  const problems = tooLong(value, 63);
  if (matches(LABEL, value)) return problems;
  if (matches(SUBDOMAIN, value)) return [...problems, 'must not contain dots'];
  const text =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
  return [...problems, regexProblem(text, LABEL, 'my-name', '123-abc')];
}

export function dnsSubdomainProblems(value: string): Problems {
  const problems = tooLong(value, 253);
  if (matches(SUBDOMAIN, value)) return problems;
  const text =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  return [...problems, regexProblem(text, SUBDOMAIN, 'example.com')];
}

/** Names of Services: they become DNS labels that must not begin with a digit. */
export function dns1035LabelProblems(value: string): Problems {
  const problems = tooLong(value, 63);
  if (matches(DNS_1035_LABEL, value)) return problems;
  const text =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
  return [...problems, regexProblem(text, DNS_1035_LABEL, 'my-name', 'abc-123')];
}

export function wildcardSubdomainProblems(value: string): Problems {
  const problems = tooLong(value, 253);
  if (matches(WILDCARD, value)) return problems;
  const text =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
  return [...problems, regexProblem(text, WILDCARD, '*.example.com')];
}

/** Keys of labels and annotations, appProtocol: `[prefix/]name`. */
export function labelKeyProblems(value: string): Problems {
  const text =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  const examples = ['MyName', 'my.name', '123-abc'] as const;
  const parts = value.split('/');
  const [prefix = '', name = ''] = parts.length === 1 ? ['', value] : parts;
  if (parts.length > 2) {
    const example = `a valid label key ${regexProblem(text, LABEL_KEY, ...examples)}`;
    return [`${example} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const problems: string[] = [];
  if (parts.length === 2 && prefix === '') problems.push('prefix part must be non-empty');
  else if (parts.length === 2)
    problems.push(...dnsSubdomainProblems(prefix).map((problem) => `prefix part ${problem}`));
  if (name === '') problems.push('name part must be non-empty');
  else if (name.length > 63) problems.push('name part must be no more than 63 bytes');
  if (!matches(LABEL_KEY, name)) problems.push(`name part ${regexProblem(text, LABEL_KEY, ...examples)}`);
  return problems;
}

export function labelValueProblems(value: string): Problems {
  const problems = value.length > 63 ? ['must be no more than 63 bytes'] : [];
  if (matches(LABEL_VALUE, value)) return problems;
  const text =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  return [...problems, regexProblem(text, LABEL_VALUE, 'MyValue', 'my_value', '12345')];
}

/** Names of container and Service ports where they are used as numbers' names (IANA service names). */
export function portNameProblems(value: string): Problems {
  const problems = [...tooLong(value, 15)];
  if (!matches('[-a-z0-9]+', value)) {
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(value)) problems.push('must contain at least one letter (a-z)');
  if (value.includes('--')) problems.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
}

export function portNumberProblems(value: number): Problems {
  return value >= 1 && value <= 65_535 ? [] : ['must be between 1 and 65535, inclusive'];
}

/** Keys of ConfigMaps and Secrets: they become file names. */
export function configKeyProblems(value: string): Problems {
  const problems = [...tooLong(value, 253)];
  if (!matches(CONFIG_KEY, value)) {
    const text = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
    problems.push(regexProblem(text, CONFIG_KEY, 'key.name', 'KEY_NAME', 'key-name'));
  }
  if (value === '.') problems.push("must not be '.'");
  else if (value === '..') problems.push("must not be '..'");
  else if (value.startsWith('..')) problems.push("must not start with '..'");
  return problems;
}

/** Names that become a segment of a URL's path. */
export function pathSegmentProblems(value: string): Problems {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return ['/', '%']
    .filter((character) => value.includes(character))
    .map((character) => `may not contain '${character}'`);
}

export function httpPathProblems(value: string): Problems {
  return matches(HTTP_PATH, value) ? [] : [`Invalid path (regex used for validation is '${HTTP_PATH}')`];
}

function tooLong(value: string, maximum: number): Problems {
  return value.length > maximum ? [`must be no more than ${maximum} characters`] : [];
}

function matches(pattern: string, value: string): boolean {
  return new RegExp(`^(?:${pattern})$`).test(value);
}

function regexProblem(text: string, pattern: string, ...examples: readonly string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(' or ');
  return `${text} (e.g. ${shown}regex used for validation is '${pattern}')`;
}
