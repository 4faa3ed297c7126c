import { seededRandom, type Administrator, type Alarm, type Duty, type Notification } from '@isesim/domain';
import type { IseNode, ReleaseDuty, TakeDuty } from '@isesim/node';
import { describe, expect, it, test } from 'vitest';
import { mailAlarms, recipientsOf } from './alarms.ts';

const start = Date.parse('2026-02-02T05:00:00Z');

function admin(name: string, systemAlarmsInEmail = true): Administrator {
  return { name, email: `${name}@contoso.example`, systemAlarmsInEmail, passwordChanged: start };
}

test.each<{ what: string; administrators: Administrator[]; additional: string[]; to: string[] }>([
  { what: 'administrators who asked for it', administrators: [admin('root'), admin('quiet', false), admin('night')], additional: [], to: ['root@contoso.example', 'night@contoso.example'] },
  { what: 'additional recipients', administrators: [], additional: ['noc@contoso.example'], to: ['noc@contoso.example'] },
  { what: 'both, administrators first', administrators: [admin('root')], additional: ['noc@contoso.example'], to: ['root@contoso.example', 'noc@contoso.example'] },
  { what: 'whoever is both, once', administrators: [admin('root')], additional: ['root@contoso.example'], to: ['root@contoso.example'] },
  { what: 'nobody', administrators: [admin('quiet', false)], additional: [], to: [] },
])('alarms go to $what', ({ administrators, additional, to }) => {
  expect(recipientsOf(administrators, additional)).toEqual(to);
});

function alarmOf(id: string): Alarm {
  return { id, name: 'High CPU', severity: 'Warning', details: '93 %', node: 'psn-1', raisedAt: start };
}

/** A monitoring node whose duty, recipients and alarms are the test's. */
class TestMnt {
  readonly told: Notification[] = [];
  administrators = [admin('root'), admin('night')];
  active = true;
  telling: Promise<void> = Promise.resolve();
  #take: TakeDuty | undefined;
  #release: ReleaseDuty | undefined;
  #collect: ((alarm: Alarm) => Promise<void>) | undefined;

  get node(): IseNode {
    return this as unknown as IseNode;
  }

  async become(active: boolean): Promise<void> {
    this.active = active;
    if (active) this.#release = await this.#take?.();
    else this.#release?.();
  }

  async raise(...ids: string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.#collect?.(alarmOf(id))));
  }

  get ids(): string[] {
    return this.told.map(({ id }) => id);
  }

  // As its persona sees it

  readonly world = { clock: { now: () => start }, random: seededRandom(1, 'ise-2') };

  page(name: string): object {
    return name === 'administrators' ? { administrators: this.administrators } : { from: 'no-reply@contoso.onmicrosoft.com', additionalRecipients: ['noc@contoso.example'] };
  }

  holds(): boolean {
    return this.active;
  }

  async whileHolding(duty: Duty, take: TakeDuty): Promise<void> {
    expect(duty).toBe('active MnT');
    this.#take = take;
    if (this.active) this.#release = await take();
  }

  followAlarms(collect: (alarm: Alarm) => Promise<void>): Promise<void> {
    this.#collect = collect;
    return Promise.resolve();
  }

  async notify(notification: Notification): Promise<void> {
    this.told.push(notification);
    await this.telling;
  }
}

describe('the active MnT', () => {
  it('mails every alarm, one mail to all who are to have it', async () => {
    const mnt = new TestMnt();
    await mailAlarms(mnt.node);
    await mnt.raise('a1', 'a2');

    expect(mnt.ids).toEqual(['alarm-a1', 'alarm-a2']);
    expect(mnt.told[0]).toMatchObject({
      purpose: 'alarm',
      template: 'alarm',
      to: ['root@contoso.example', 'night@contoso.example', 'noc@contoso.example'],
      data: { name: 'High CPU', severity: 'Warning', details: '93 %', node: 'psn-1' },
      at: start,
    });
  });

  it('mails none when nobody is to have it', async () => {
    const mnt = new TestMnt();
    mnt.administrators = [];
    mnt.page = (name) => (name === 'administrators' ? { administrators: [] } : { from: '', additionalRecipients: [] });
    await mailAlarms(mnt.node);
    await mnt.raise('a1');

    expect(mnt.told).toEqual([]);
  });

  it('that loses the duty mails no more', async () => {
    const mnt = new TestMnt();
    await mailAlarms(mnt.node);
    await mnt.raise('a1');
    await mnt.become(false);
    await mnt.raise('a2');

    expect(mnt.ids).toEqual(['alarm-a1']);
  });

  it('that loses the duty while it goes through what it has collected leaves the rest to the new one', async () => {
    const mnt = new TestMnt();
    mnt.active = false;
    await mailAlarms(mnt.node);
    await mnt.raise('a1', 'a2');
    let durable: () => void = () => undefined;
    mnt.telling = new Promise((resolve) => { durable = resolve; });
    const taking = mnt.become(true);
    mnt.active = false;
    durable();
    await taking;
    await mnt.raise('a3');

    expect(mnt.ids).toEqual(['alarm-a1']);
  });
});

describe('the other MnT', () => {
  it('collects alarms and mails none', async () => {
    const mnt = new TestMnt();
    mnt.active = false;
    await mailAlarms(mnt.node);
    await mnt.raise('a1');

    expect(mnt.told).toEqual([]);
  });

  it('goes through all that it has collected when it becomes active, and mails what comes after', async () => {
    const mnt = new TestMnt();
    mnt.active = false;
    await mailAlarms(mnt.node);
    await mnt.raise('a1', 'a2');
    await mnt.become(true);
    await mnt.raise('a3');

    expect(mnt.ids).toEqual(['alarm-a1', 'alarm-a2', 'alarm-a3']);
  });
});
