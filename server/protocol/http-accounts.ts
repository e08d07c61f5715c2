import { z } from 'zod';
import { instantSchema, uuidSchema } from './entities.ts';

export const emailSchema = z.string().trim().toLowerCase().pipe(z.email());
export const passwordSchema = z.string().min(10, 'Use at least 10 characters.').max(200);
export const setupRequestSchema = z.strictObject({
  code: z.string().trim().min(1).max(100),
  email: emailSchema,
  name: z.string().trim().min(1).max(100),
  password: passwordSchema,
});
export const loginRequestSchema = z.strictObject({ email: emailSchema, password: z.string().max(200) });
export const accountSchema = z.object({
  id: uuidSchema,
  email: z.string(),
  name: z.string(),
  role: z.enum(['owner', 'agent']),
});
export type Account = z.infer<typeof accountSchema>;
export const agentCreateSchema = z.strictObject({
  email: emailSchema,
  name: z.string().trim().min(1).max(100),
  role: z.enum(['owner', 'agent']).default('agent'),
  password: passwordSchema,
});
/** What is left out stays. A new password or role ends the agent's sessions. */
export const agentUpdateSchema = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  role: z.enum(['owner', 'agent']).optional(),
  password: passwordSchema.optional(),
});
/** `POST /api/v1/session/password`: one's own password; all other sessions end. */
export const passwordChangeSchema = z.strictObject({ current: z.string().max(200), next: passwordSchema });
/** `GET /api/v1/session`: whether the console must set up, sign in, or may go on. */
export const sessionStatusSchema = z.object({
  needsSetup: z.boolean(),
  account: accountSchema.nullable(),
});
export const apiKeySchema = z.object({
  id: uuidSchema,
  name: z.string(),
  createdAt: instantSchema,
  lastUsedAt: instantSchema.nullable(),
});
export const apiKeyCreateSchema = z.strictObject({ name: z.string().trim().min(1).max(100) });
/** The key itself is shown once, here. */
export const apiKeyCreatedSchema = apiKeySchema.extend({ key: z.string() });
