/** The URL of a real Redis or Valkey, when the run was given one. */
export const testRedisUrl: string | null = process.env['TEST_REDIS_URL'] || null;
