import type { Microsoft365Fault } from '@isesim/domain';
import { describe, expect, test } from 'vitest';
import { sharedWorld } from './fixtures/shared-world.ts';
import { clientId, mailbox, scope, secret, signedBy, startTime, xoauth2, type SmtpClient } from './test-world.ts';

const world = sharedWorld();

const form = { client_id: clientId, scope, client_secret: secret, grant_type: 'client_credentials' };
const reply = (text: string, whom: Parameters<typeof signedBy>[0]) => expect.stringMatching(signedBy(whom, text, startTime)) as string;

describe('Entra ID', () => {
  test('throttles with 429, Retry-After and no JSON', async () => {
    world.double.faults.set([{ fault: 'token-429' }]);
    const { status, headers, text } = await world.postToken(form);
    expect({ status, text, wait: headers['retry-after'], type: headers['content-type'] }).toEqual({
      status: 429,
      text: 'Too Many Requests',
      wait: '60',
      type: 'text/plain; charset=utf-8',
    });
    world.double.faults.set([{ fault: 'token-429', retryAfterMs: 90_500 }]);
    expect((await world.postToken(form)).headers['retry-after']).toBe('91');
  });

  test('is out of order with 503, Retry-After and AADSTS90033', async () => {
    world.double.faults.set([{ fault: 'token-503' }]);
    const { status, headers, body } = await world.postToken(form);
    const { trace_id: trace, correlation_id: correlation } = body as Record<string, string>;
    expect({ status, wait: headers['retry-after'] }).toEqual({ status: 503, wait: '60' });
    expect(body).toEqual({
      error: 'temporarily_unavailable',
      error_description: `AADSTS90033: A transient error has occurred. Please try again. Trace ID: ${trace ?? ''} Correlation ID: ${correlation ?? ''} Timestamp: 2026-02-02 05:00:00Z`,
      error_codes: [90033],
      timestamp: '2026-02-02 05:00:00Z',
      trace_id: headers['x-ms-request-id'],
      correlation_id: correlation,
      error_uri: 'https://login.microsoftonline.com/error?code=90033',
    });
  });

  test('answers other requests as ever', async () => {
    world.double.faults.set([{ fault: 'token-429' }]);
    expect((await world.http('GET', '/discovery/v2.0/keys')).status).toBe(200);
    world.double.faults.set([]);
    expect((await world.postToken(form)).status).toBe(200);
  });
});

describe('Exchange Online', () => {
  const unavailable = reply('421 4.3.2 Service not available', 'nobody');
  const trouble = reply('451 4.7.0 Temporary server error. Please try again later. PRX4', 'host');
  const atOnce = '432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information.';

  test.each<{ fault: Microsoft365Fault['fault']; stage: Microsoft365Fault['stage']; at: string; text: string; whom: Parameters<typeof signedBy>[0] }>([
    { fault: 'exchange-421', stage: undefined, at: 'greeting', text: '421 4.3.2 Service not available', whom: 'nobody' },
    { fault: 'exchange-421', stage: 'auth', at: 'AUTH', text: '421 4.3.2 Service not available', whom: 'nobody' },
    { fault: 'exchange-421', stage: 'mail', at: 'MAIL', text: '421 4.4.2 Message submission rate for this client has exceeded the configured limit', whom: 'nobody' },
    { fault: 'exchange-421', stage: 'rcpt', at: 'RCPT', text: '421 4.3.2 Service not available', whom: 'nobody' },
    { fault: 'exchange-421', stage: 'data', at: 'end', text: '421 4.3.2 Service not available', whom: 'nobody' },
    { fault: 'exchange-432', stage: undefined, at: 'end', text: atOnce, whom: 'back end' },
    { fault: 'exchange-432', stage: 'auth', at: 'AUTH', text: atOnce, whom: 'back end' },
    { fault: 'exchange-451', stage: undefined, at: 'AUTH', text: '451 4.7.0 Temporary server error. Please try again later. PRX4', whom: 'host' },
    { fault: 'exchange-451', stage: 'connect', at: 'greeting', text: '451 4.7.0 Temporary server error. Please try again later. PRX4', whom: 'host' },
    { fault: 'exchange-451', stage: 'rcpt', at: 'RCPT', text: '451 4.7.500 Server busy. Please try again later from [127.0.0.5]. (AS761)', whom: 'nobody' },
    { fault: 'exchange-451', stage: 'data', at: 'end', text: '451 4.7.0 Temporary server error. Please try again later. PRX4', whom: 'host' },
  ])('$fault at stage $stage is met at $at: $text', async ({ fault, stage, at, text, whom }) => {
    world.double.faults.set([{ fault, count: 1, ...(stage && { stage }) }]);
    const met = await firstRefusal();
    expect(met).toEqual({ at, reply: reply(text, whom) });
    expect(world.recorded).toEqual([]);
    // It struck once, so it is over.
    expect(await firstRefusal()).toEqual({ at: 'none', reply: expect.stringMatching(/^250/) });
    expect(world.recorded).toHaveLength(1);
  });

  test('a 421 closes the connection, and a fault without a count stands until it is ended', async () => {
    world.double.faults.set([{ fault: 'exchange-421' }]);
    for (let count = 0; count < 3; count += 1) {
      const client = await world.dial();
      expect(client.greeting).toEqual(unavailable);
      expect(await client.reply()).toBe('');
    }
    world.double.faults.set([]);
    expect((await world.dial()).greeting).toMatch(/^220/);
  });

  test('a fault goes on counting when others come and go; one that is set again begins anew', async () => {
    const fault: Microsoft365Fault = { fault: 'exchange-451', stage: 'mail', count: 2 };
    const client = await world.dialIn();
    const mail = async () => {
      const answer = await client.say(`MAIL FROM:<${mailbox}>`);
      await client.say('RSET');
      return answer;
    };
    world.double.faults.set([fault]);
    expect(await mail()).toEqual(trouble);
    world.double.faults.set([{ fault: 'token-503' }, fault]);
    expect(await mail()).toEqual(trouble);
    expect(await mail()).toMatch(/^250/);
    world.double.faults.set([fault, fault]);
    expect(await mail()).toEqual(trouble);
    expect(await mail()).toEqual(trouble);
    expect(await mail()).toMatch(/^250/);
    world.double.faults.set([]);
    world.double.faults.set([fault]);
    expect(await mail()).toEqual(trouble);
    await client.close();
  });

  /** Where a submission ends, and with which reply. */
  async function firstRefusal(): Promise<{ at: string; reply: string }> {
    const client: SmtpClient = await world.dial();
    if (!client.greeting.startsWith('220')) {
      expect(await client.reply()).toBe('');
      return { at: 'greeting', reply: client.greeting };
    }
    await client.say('EHLO ise-1.ise.example');
    await client.startTls();
    await client.say('EHLO ise-1.ise.example');
    const steps = [
      ['AUTH', `AUTH XOAUTH2 ${xoauth2(mailbox, await world.token())}`],
      ['MAIL', `MAIL FROM:<${mailbox}>`],
      ['RCPT', 'RCPT TO:<ana@guest.example>'],
      ['DATA', 'DATA'],
      ['end', `From: ${mailbox}\r\n\r\nHello.\r\n.`],
    ] as const;
    let last = '';
    for (const [at, line] of steps) {
      last = await client.say(line);
      if (!/^[23]/.test(last)) return { at, reply: last };
    }
    await client.close();
    return { at: 'none', reply: last };
  }
});
