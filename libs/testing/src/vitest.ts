import { expect } from 'vitest';
import { matchers, type DeploymentMatchers, type MailMatchers } from './matchers.ts';

/*
 * Matchers for vitest: import this module once, in a set-up file or the test itself.
 */
expect.extend(matchers);

declare module 'vitest' {
  // The names of the type parameters are vitest's.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface Matchers<T> extends DeploymentMatchers, MailMatchers {}
}
