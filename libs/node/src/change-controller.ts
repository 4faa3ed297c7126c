import { setMaxListeners } from 'node:events';

/** Aborted by whoever changes what others wait for, however many they are. */
export function changeController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
