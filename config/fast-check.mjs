/**
 * fast-check as the tests have it: each run tries the same examples, so that a build never fails by chance.
 * `FAST_CHECK_SEED=7 npm run jest` tries others; what that finds becomes a test of its own.
 */
import fastCheck from '../node_modules/fast-check/lib/fast-check.js';

fastCheck.configureGlobal({ ...fastCheck.readConfigureGlobal(), seed: Number(process.env.FAST_CHECK_SEED ?? 1) });

export * from '../node_modules/fast-check/lib/fast-check.js';
export default fastCheck;
