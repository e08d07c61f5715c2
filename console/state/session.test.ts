import { describe, expect, it } from 'vitest';
import { ApiError } from '../api.ts';
import { createScriptedApi } from '../testing/scripted-api.ts';
import { fakeUuid } from '../testing/summary.ts';
import { Session } from './session.svelte.ts';

const account = { id: fakeUuid(1), email: 'a@b.example', name: 'A', role: 'owner' };

describe('Session', () => {
  it.each([
    [{ needsSetup: true, account: null }, 'needs-setup'],
    [{ needsSetup: false, account: null }, 'signed-out'],
    [{ needsSetup: false, account }, 'signed-in'],
  ])('reads %o as %s', async (status, expected) => {
    const api = createScriptedApi();
    api.answer('/session', status);
    const session = new Session(api);
    await session.load();
    expect(session.state.status).toBe(expected);
  });

  it('signs in, and forgets when the server no longer knows us', async () => {
    const api = createScriptedApi();
    api.answer('/session', { needsSetup: false, account });
    const session = new Session(api);
    await session.signIn('a@b.example', 'secret secret');
    expect(session.account?.name).toBe('A');
    session.forget();
    expect(session.state).toEqual({ status: 'signed-out' });
  });

  it('leaves the state as it is when signing in fails', async () => {
    const api = createScriptedApi();
    const session = new Session(api);
    api.answer('/session', { needsSetup: false, account: null });
    await session.load();
    api.answer('/session', new ApiError({ code: 'wrong-login', status: 401, message: 'Wrong.' }));
    await expect(session.signIn('a@b.example', 'x')).rejects.toThrow('Wrong.');
    expect(session.state.status).toBe('signed-out');
  });

  it('says why when the server cannot be asked', async () => {
    const api = createScriptedApi();
    api.answer('/session', new ApiError({ code: 'offline', status: 0, message: 'Away.', fix: 'Wait.' }));
    const session = new Session(api);
    await session.load();
    expect(session.state).toEqual({ status: 'failed', message: 'Away.', fix: 'Wait.' });
  });

  it('keeps the page through a change of the own password, and opens its sockets anew once', async () => {
    const api = createScriptedApi();
    api.answer('/session', { needsSetup: false, account });
    api.answer('/session/password', { needsSetup: false, account });
    const session = new Session(api);
    await session.load();
    const changing = session.changePassword('old password', 'new password');
    await session.socketRevoked();
    await changing;
    expect(session.generation).toBe(1);
    expect(session.state.status).toBe('signed-in');
    expect(api.calls.filter((call) => call === 'GET /session')).toHaveLength(1);
  });

  it('asks the server when a socket says that the session has ended', async () => {
    const api = createScriptedApi();
    api.answer('/session', { needsSetup: false, account }, { needsSetup: false, account: null });
    const session = new Session(api);
    await session.load();
    await session.socketRevoked();
    expect(session.state.status).toBe('signed-out');
  });
});
