import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Command } from 'commander';
import { loadControllerConfiguration } from '../configuration/controller-configuration.js';
import { type Controller, startController } from '../controller.js';
import { createLogger } from '../logging/create-logger.js';
import { EXIT } from './exit-status.js';
import type { Output } from './output.js';
import { termination, within } from './termination.js';

interface PlaygroundFlags {
  readonly manifests?: string;
  readonly samples: boolean;
  readonly httpPort?: string;
  readonly httpsPort?: string;
  readonly apiPort?: string;
  readonly healthPort?: string;
  readonly kubeconfig?: string;
  readonly readyFile?: string;
  readonly debug?: boolean;
}
