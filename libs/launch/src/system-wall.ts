import type { Wall } from '@isesim/clock';

/** The real clock, for whoever paces simulated time with it. */
export const systemWall: Wall = {
  now: () => Date.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};
