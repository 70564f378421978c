/** One jest for the whole repository: sources are run as they are (no build), by the `kuryr:source` export condition. */
export default {
  rootDir: '..',
  testMatch: ['<rootDir>/{packages,handlers,drivers,test}/**/*.test.ts'],
  // What needs a real OpenStack runs by jest.openstack.config.mjs.
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '<rootDir>/test/openstack/(?!bed/)'],
  modulePathIgnorePatterns: ['/dist/'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['kuryr:source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1', '^fast-check$': '<rootDir>/config/fast-check.mjs' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  setupFiles: ['reflect-metadata'],
  maxWorkers: 2,
  // What hangs is told late, so that a busy machine is never taken for it.
  testTimeout: 180_000,
};
