import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Bus channel that tells every instance to close the sockets of ended sessions. */
export const sessionRevokedChannel = 'session-revoked';

/** `sessionHash` null: all sessions of the agent. Compare with `sessionHash(token)`. */
export const sessionRevokedSchema = z.object({ agentId: z.uuid(), sessionHash: z.string().nullable() });
export type SessionRevoked = z.infer<typeof sessionRevokedSchema>;

/** What the database keeps of a session's secret: hex SHA-256. */
export function sessionHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
