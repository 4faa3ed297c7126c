import { purposes, severities, templates } from '@isesim/domain';

/** The values that the domain fixes, by the option that takes them. */
export const fixedValues = { purpose: purposes, template: Object.keys(templates), severity: severities } as const;
