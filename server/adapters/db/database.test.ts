import { createTestPglite, createTestPostgres, testDatabaseUrl } from '../../testing/database.ts';
import { describeDatabaseContract } from '../../testing/database-contract.ts';

describeDatabaseContract('PGlite', createTestPglite);
if (testDatabaseUrl !== null)
  describeDatabaseContract('PostgreSQL', () => createTestPostgres(testDatabaseUrl));
