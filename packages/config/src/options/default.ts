import type { Option } from '../option.js';
import { boolean } from '../types/boolean.js';
import { filePath } from '../types/file-path.js';
import { list } from '../types/list.js';
import { type LoggerLevel, loggerLevel } from '../types/logger-level.js';
import { optional } from '../types/optional.js';
import { string } from '../types/string.js';

const group = 'DEFAULT';

export const DEBUG: Option<boolean> = {
  group,
  name: 'debug',
  type: boolean(),
  default: false,
  help: 'Log at level DEBUG instead of INFO. Off by default because DEBUG logs several lines for every changed object.',
};

export const LOG_FILE: Option<string | undefined> = {
  group,
  name: 'log_file',
  type: optional(filePath()),
  default: undefined,
  deprecatedNames: ['logfile'],
  help:
    'File to append log lines to; a relative name is looked up in log_dir. The file is opened anew on SIGHUP, so that it ' +
    'can be renamed and compressed by logrotate; its copytruncate works too. Not set by default: in a container, ' +
    'logs belong on stderr.',
};

export const LOG_DIR: Option<string | undefined> = {
  group,
  name: 'log_dir',
  type: optional(filePath()),
  default: undefined,
  deprecatedNames: ['logdir'],
  help:
    'Directory for a relative log_file. Where log_file is not set, the log goes to kuryr-l7.log in this directory. Not ' +
    'set by default: a relative log_file is then looked up in the working directory.',
};

export const USE_STDERR: Option<boolean> = {
  group,
  name: 'use_stderr',
  type: boolean(),
  default: false,
  help:
    'Log to standard error even if there is a log file. Off by default because standard error is used in any case where ' +
    'neither log_file nor log_dir is set.',
};

export const USE_JSON: Option<boolean> = {
  group,
  name: 'use_json',
  type: boolean(),
  default: false,
  help: 'Log one JSON object a line instead of text. Off by default because a person reads text more easily.',
};

export const LOG_DATE_FORMAT: Option<string> = {
  group,
  name: 'log_date_format',
  type: string(),
  default: '%Y-%m-%d %H:%M:%S',
  help:
    'Date and time of a text line, in local time and in the directives of strftime. Milliseconds are appended as ' +
    '".123". The default is that of oslo.log. JSON lines always have the time in ISO 8601 and UTC.',
};

export const DEFAULT_LOG_LEVELS: Option<readonly LoggerLevel[]> = {
  group,
  name: 'default_log_levels',
  type: list(loggerLevel()),
  default: [],
  help:
    'Levels of single loggers as logger=LEVEL pairs, e.g. kuryr.kube=DEBUG,kuryr.writer=WARN. The most specific name ' +
    'decides: a pair for kuryr holds for kuryr.kube too. Empty by default: debug decides for all. Names of Python ' +
    "loggers, as in Kuryr's own configuration, have no effect.",
};

/** The options of section `[DEFAULT]`. */
export const DEFAULT_OPTIONS: readonly Option[] = [
  DEBUG,
  LOG_FILE,
  LOG_DIR,
  USE_STDERR,
  USE_JSON,
  LOG_DATE_FORMAT,
  DEFAULT_LOG_LEVELS,
];
