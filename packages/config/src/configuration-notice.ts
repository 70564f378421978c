/** Something about the configuration worth telling a person, which does not keep it from being used. */
export interface ConfigurationNotice {
  readonly level: 'warning' | 'info';
  /** `file:line: …` where it is about one place. Never holds a secret's value. */
  readonly message: string;
}
