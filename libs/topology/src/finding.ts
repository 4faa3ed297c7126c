import { quoted } from './wording.ts';

/** Where a field is: keys of maps and indices of lists from the root. */
export type Path = readonly (string | number)[];

/** Something wrong at an offset of the text. */
export interface Finding {
  readonly path: Path;
  readonly offset: number;
  readonly message: string;
}

/** `nodes[2].pan` */
export function pathText(path: Path): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    return /^[A-Za-z_][\w-]{0,60}$/.test(step) ? `.${step}` : `[${quoted(step)}]`;
  });
  return steps.join('').replace(/^\./, '');
}
