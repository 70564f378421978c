/** The suites that need the OpenStack test bed; two at a time: mostly they wait for it. */
import shared from './jest.config.mjs';

export default {
  ...shared,
  testMatch: ['<rootDir>/test/openstack/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '<rootDir>/test/openstack/bed/'],
  maxWorkers: 2,
  testTimeout: 600_000,
};
