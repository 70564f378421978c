import { fileURLToPath } from 'node:url';

/** The YAML files of the samples: beside `src` and `dist` alike. */
export const SAMPLES_FOLDER = fileURLToPath(new URL('../../samples/', import.meta.url));

/** Hosts that the samples route, in the order to try them. */
export const SAMPLE_HOSTS = ['www.example.com', 'www.yolo.org', 'cheddar.example.com'] as const;
