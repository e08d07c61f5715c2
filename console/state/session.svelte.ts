import type { z } from 'zod';
import {
  sessionStatusSchema,
  type Account,
  type setupRequestSchema,
} from '../../server/protocol/http-accounts.ts';
import { describeError, nothingSchema, type Api } from '../api.ts';

export type SessionState =
  | { status: 'loading' | 'needs-setup' | 'signed-out' }
  | { status: 'signed-in'; account: Account }
  | { status: 'failed'; message: string; fix: string | null };

/** Who is at the console. */
export class Session {
  state: SessionState = $state.raw({ status: 'loading' });
  /** Raised when the cookie has changed under a signed-in page: its sockets must be opened anew. */
  generation = $state(0);
  #isRenewing = false;
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  get account(): Account | null {
    return this.state.status === 'signed-in' ? this.state.account : null;
  }

  async load(): Promise<void> {
    this.state = { status: 'loading' };
    try {
      this.#take(await this.#api.get('/session', sessionStatusSchema));
    } catch (error) {
      this.state = { status: 'failed', ...describeError(error) };
    }
  }

  /** Signs in; throws an `ApiError` that says why not. */
  async signIn(email: string, password: string): Promise<void> {
    this.#take(await this.#api.send('POST', '/session', { email, password }, sessionStatusSchema));
  }

  /** Makes the owner's account with the one-time code and signs in. */
  async setUp(request: z.input<typeof setupRequestSchema>): Promise<void> {
    this.#take(await this.#api.send('POST', '/setup', request, sessionStatusSchema));
  }

  async signOut(): Promise<void> {
    await this.#api.send('DELETE', '/session', null, nothingSchema);
    this.forget();
  }

  /** Changes the own password; every other session ends, and this one goes on under a new cookie. */
  async changePassword(current: string, next: string): Promise<void> {
    this.#isRenewing = true;
    try {
      this.#take(await this.#api.send('POST', '/session/password', { current, next }, sessionStatusSchema));
      this.generation += 1;
    } finally {
      this.#isRenewing = false;
    }
  }

  /** A socket was told that its session has ended. It may have been ended by our own change of password. */
  async socketRevoked(): Promise<void> {
    if (this.#isRenewing) return;
    const before = this.generation;
    try {
      const status = await this.#api.get('/session', sessionStatusSchema);
      if (this.generation !== before) return;
      this.#take(status);
      this.generation += 1;
    } catch {
      // Without an answer we cannot know: the login tells.
      this.forget();
    }
  }

  /** The server no longer knows us. */
  forget(): void {
    if (this.state.status === 'signed-in') this.state = { status: 'signed-out' };
  }

  #take({ needsSetup, account }: z.infer<typeof sessionStatusSchema>): void {
    if (account !== null) this.state = { status: 'signed-in', account };
    else this.state = { status: needsSetup ? 'needs-setup' : 'signed-out' };
  }
}
