import { EntitySchema } from 'typeorm';
import type { AccessToken } from '../../../application/feeds/ports.js';
import { id, instant, named, optional, reference, text } from '../columns.js';

export const accessTokenSchema = new EntitySchema<AccessToken>({
  name: 'access_token',
  tableName: 'access_tokens',
  columns: {
    id,
    digest: text(64),
    userId: named('user_id', reference),
    scope: text(16),
    deviceId: named('device_id', optional(reference)),
    createdAt: named('created_at', instant),
    expiresAt: named('expires_at', optional(instant)),
  },
  indices: [
    { name: 'ux_access_tokens_digest', columns: ['digest'], unique: true },
    { name: 'ix_access_tokens_user', columns: ['userId'] },
  ],
});
