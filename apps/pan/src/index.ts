export { assumeAdministration } from './pan.ts';
