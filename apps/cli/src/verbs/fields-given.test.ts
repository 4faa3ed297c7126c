import { verbDescriptions } from '@isesim/scenario';
import { describe, expect, it } from 'vitest';
import { fieldsGiven } from './fields-given.ts';

const { flags = [] } = verbDescriptions().find(({ verb }) => verb === 'smtp set') ?? {};
const client = { ISESIM_CLIENT_SECRET: 'of-the-client' };
const user = { ISESIM_SMTP_PASSWORD: 'of-the-user' };

describe('a secret of the environment', () => {
  it.each([
    ['alone', {}, client, { clientSecret: 'of-the-client' }],
    ['alone, a password too', {}, user, { password: 'of-the-user' }],
    ['beside the Client ID', { clientId: 'c' }, client, { clientId: 'c', clientSecret: 'of-the-client' }],
    ['beside its Expiry Date', { expiryDate: '2027-01-01', port: '587' }, { ...client, ...user }, { expiryDate: '2027-01-01', port: '587', clientSecret: 'of-the-client' }],
    ['beside the user name', { username: 'u' }, { ...client, ...user }, { username: 'u', password: 'of-the-user' }],
  ])('counts %s', async (_, typed, env, given) => {
    expect(await fieldsGiven(flags, typed as Record<string, string>, env)).toEqual(given);
  });

  it('does not count beside a port, nor beside the flags of another secret', async () => {
    expect(await fieldsGiven(flags, { port: '25' }, { ...client, ...user })).toEqual({ port: '25' });
    expect(await fieldsGiven(flags, { clientId: 'c' }, user)).toEqual({ clientId: 'c' });
  });

  it('is not guessed at where there are two and no flag', async () => {
    await expect(fieldsGiven(flags, {}, { ...client, ...user })).rejects.toMatchObject({ message: 'no flag is given, and ISESIM_CLIENT_SECRET and ISESIM_SMTP_PASSWORD are both set' });
  });

  it('is nothing where none is set', async () => {
    expect(await fieldsGiven(flags, {}, {})).toEqual({});
  });
});
