import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../vitest.base.ts';

// Whole systems start and stop here, on machines of two cores that do other things besides.
export default mergeConfig(base, defineConfig({ test: { testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false } }));
