import { describe, it } from '@jest/globals';
import { l7RouterConformance } from '@kuryr-l7/plugin/conformance';
import { FULL_CAPABILITIES } from '@kuryr-l7/router';
import { createLocalRouter } from './create-local-router.js';

l7RouterConformance(
  {
    name: 'local',
    capabilities: FULL_CAPABILITIES,
    async open() {
      const router = await createLocalRouter({ httpPort: 0 });
      return { router, close: () => router.close() };
    },
  },
  { describe, it },
);
