/** The suites that need the OpenStack test bed; one at a time, because all share its two or so processors. */
import shared from './jest.config.mjs';

export default {
  ...shared,
  testMatch: ['<rootDir>/test/openstack/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '<rootDir>/test/openstack/bed/'],
  maxWorkers: 1,
  testTimeout: 300_000,
};
