import { createTestPglite, createTestPostgres, testDatabaseUrl } from '../../testing/database.ts';
import { describeDatabaseContract } from '../../testing/database-contract.ts';

describeDatabaseContract('PGlite', createTestPglite);
const serverUrl = testDatabaseUrl;
if (serverUrl !== null) describeDatabaseContract('PostgreSQL', () => createTestPostgres(serverUrl));
