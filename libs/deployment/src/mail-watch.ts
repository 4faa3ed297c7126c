import type { Bus } from '@isesim/bus';
import type { AcceptedMail, MailRecord } from '@isesim/domain';

/** What `mail ls` and `mail wait` filter by; each field that is given must fit. `to` fits any recipient. */
export interface MailFilter {
  readonly purpose?: string | undefined;
  readonly template?: string | undefined;
  readonly sentBy?: string | undefined;
  readonly to?: string | undefined;
  readonly from?: string | undefined;
  readonly subject?: string | undefined;
}

/** The record of accepted mail, kept up by the double, read here. */
export class MailWatch {
  readonly #mails = new Map<string, AcceptedMail>();
  readonly #listeners = new Set<(mail: AcceptedMail) => void>();

  static async open(bus: Bus): Promise<MailWatch> {
    const watch = new MailWatch();
    await bus.follow(bus.streams.mail, ({ value }) => { watch.#add(value); });
    return watch;
  }

  /** In the order of their acceptance. */
  all(filter: MailFilter = {}): MailRecord[] {
    return [...this.#mails.values()].map(({ record }) => record).filter((record) => fits(record, filter));
  }

  find(id: string): AcceptedMail | undefined {
    return this.#mails.get(id);
  }

  onMail(listener: (mail: AcceptedMail) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #add(mail: AcceptedMail): void {
    if (this.#mails.has(mail.record.id)) return;
    this.#mails.set(mail.record.id, mail);
    for (const listener of this.#listeners) listener(mail);
  }
}

export function fits(record: MailRecord, filter: MailFilter): boolean {
  return misfits(record, filter).length === 0;
}

/** The fields in which a record differs from what was looked for. */
export function misfits(record: MailRecord, filter: MailFilter): (keyof MailFilter)[] {
  const same = (field: 'purpose' | 'template' | 'sentBy' | 'from' | 'subject') => filter[field] === undefined || record[field] === filter[field];
  const fields: (keyof MailFilter)[] = (['purpose', 'template', 'sentBy', 'from', 'subject'] as const).filter((field) => !same(field));
  if (filter.to !== undefined && !record.to.includes(filter.to)) fields.push('to');
  return fields;
}
