import type { StoredMessage } from './stored-message.ts';
import type { ConfigurationWrite } from './streams.ts';

type Promotion = Extract<ConfigurationWrite, { kind: 'epoch' }>;

/** Whose write it is: NATS lets nobody write there in another's name. */
export function configurationWriter({ subject }: Pick<StoredMessage<unknown>, 'subject'>): string {
  return subject.split('.')[2] ?? '';
}

/** Why a write that promotes its writer does not count, undefined when it does; `epoch` is the one that it is to end. */
export function promotionFault(message: StoredMessage<Promotion>, epoch: number): string | undefined {
  const { value, sequence, fencedBehind } = message;
  const writer = configurationWriter(message);
  if (fencedBehind !== sequence - 1) return `${writer} wrote without the fence`;
  if (value.primary !== writer) return `${writer} wrote the promotion of ${value.primary}`;
  return value.epoch === epoch + 1 ? undefined : `${writer} wrote epoch ${value.epoch} behind ${epoch}`;
}
