/** `YYYY-MM-DD HH:mm:ss` as the old database stored it: nothing says in which zone. */
export type OldTime = string;

/** JSON as text; null where the column was empty. */
export type OldJson = string | null;

export interface OldUser {
  readonly id: number;
  readonly discord_id: string | null;
  readonly username: string;
  readonly email: string | null;
  readonly password: string;
  readonly is_admin: number | null;
}

export interface OldRole {
  readonly id: number;
  readonly user_id: number;
  readonly role: string;
  readonly status: string;
  readonly approval_limits: OldJson;
}

export interface OldInvitation {
  readonly id: number;
  readonly email: string;
  readonly handle: string | null;
  readonly role: string;
  readonly invited_by: number | null;
  readonly token: string;
  readonly expires_at: OldTime;
  readonly accepted_at: OldTime | null;
}

export interface OldSetting {
  readonly id: number;
  readonly key: string;
  readonly value: string;
  readonly updated_at: OldTime;
  readonly updated_by: number | null;
}

export interface OldFavourite {
  readonly id: number;
  readonly user_id: number;
  readonly name: string;
  readonly grouped_booking_id: string;
  readonly device_snapshot: string;
  readonly created_at: OldTime;
  readonly updated_at: OldTime;
}

export interface OldBooking {
  readonly booking_id: number;
  readonly device_id: number;
  readonly user_id: number;
  readonly is_collaborator: number;
  readonly grouped_booking_id: string;
  readonly start_time: OldTime;
  readonly end_time: OldTime;
  readonly status: string | null;
  readonly comment: string | null;
  readonly collaborators: OldJson;
  readonly created_at: OldTime;
}

export interface OldAttachment {
  readonly id: number;
  readonly device_id: number;
  readonly file_name: string;
  readonly file_path: string;
  readonly mime_type: string | null;
  readonly size_bytes: number | null;
  readonly uploaded_by_id: number | null;
  readonly created_at: OldTime;
}

export interface OldHealth {
  readonly id: number;
  readonly device_id: number;
  readonly status: string;
  readonly heartbeat_at: OldTime | null;
  readonly metrics: OldJson;
  readonly updated_at: OldTime;
}

export interface OldChange {
  readonly id: number;
  readonly device_id: number;
  readonly action: string;
  readonly field_name: string | null;
  readonly old_value: string | null;
  readonly new_value: string | null;
  readonly changed_by_id: number | null;
  readonly notes: string | null;
  readonly extra: OldJson;
  readonly created_at: OldTime;
}

export interface OldOwnership {
  readonly id: number;
  readonly device_id: number;
  readonly owner_id: number;
  readonly assigned_by: number | null;
  readonly assigned_at: OldTime;
  readonly revoked_at: OldTime | null;
}

/** A device as the old scheduler knew it. */
export interface OldSchedulerDevice {
  readonly id: number;
  readonly polatis_name: string | null;
  readonly deviceType: string | null;
  readonly deviceName: string | null;
  readonly ip_address: string | null;
  readonly status: string | null;
  readonly maintenance_start: string | null;
  readonly maintenance_end: string | null;
  readonly Out_Port: number;
  readonly In_Port: number;
}

export interface OldWord {
  readonly id: number;
  readonly device_id: number;
  readonly tag: string;
  readonly created_at: OldTime;
}

export interface OldType {
  readonly id: number;
  readonly name: string;
  readonly category: string;
  readonly description: string | null;
  readonly is_schedulable: number;
  readonly has_ports: number;
  readonly created_at: OldTime;
  readonly updated_at: OldTime;
}

/** A device as the old inventory knew it. */
export interface OldAsset {
  readonly id: number;
  readonly oi_id: string | null;
  readonly name: string;
  readonly device_type_id: number;
  readonly manufacturer_id: number | null;
  readonly model: string | null;
  readonly serial_number: string | null;
  readonly status: string | null;
  readonly site_id: number | null;
  readonly rack: string | null;
  readonly u_position: number | null;
  readonly hostname: string | null;
  readonly mgmt_ip: string | null;
  readonly polatis_name: string | null;
  readonly polatis_port_range: string | null;
  readonly maintenance_start: string | null;
  readonly maintenance_end: string | null;
  readonly owner_group: string | null;
  readonly notes: string | null;
  readonly created_at: OldTime;
  readonly updated_at: OldTime;
  readonly created_by_id: number | null;
  readonly updated_by_id: number | null;
}

export interface OldAssetTag {
  readonly device_id: number;
  readonly tag_id: number;
}

export interface OldMaintenanceRecord {
  readonly id: number;
  /** What was maintained: a device, or something that is none. */
  readonly item_id: number;
  readonly maintenance_type: string;
  readonly description: string | null;
  readonly performed_by: string | null;
  readonly scheduled_date: OldTime | null;
  readonly performed_date: OldTime | null;
  readonly next_due_date: OldTime | null;
  readonly cost: number | null;
  readonly parts_used: OldJson;
  readonly status: string;
  readonly notes: string | null;
  readonly outcome: string | null;
  readonly created_at: OldTime;
  readonly created_by_id: number | null;
}

export interface OldManufacturer {
  readonly id: number;
  readonly name: string;
  readonly website: string | null;
  readonly notes: string | null;
  readonly created_at: OldTime;
  readonly updated_at: OldTime;
}

export interface OldSite {
  readonly id: number;
  readonly name: string;
  readonly address: string | null;
  readonly notes: string | null;
  readonly created_at: OldTime;
  readonly updated_at: OldTime;
}

export interface OldTag {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  readonly color: string | null;
  readonly created_at: OldTime;
}

export interface OldReview {
  readonly id: number;
  readonly topology_id: number;
  readonly status: string;
  readonly conflict_count: number;
  readonly last_checked_at: OldTime | null;
  readonly resolved_at: OldTime | null;
  readonly resolved_by: number | null;
  readonly notes: string | null;
  readonly created_at: OldTime;
}

export interface OldTopology {
  readonly id: number;
  readonly user_id: number;
  readonly name: string;
  readonly nodes: string;
  readonly edges: string;
  readonly created_at: OldTime;
  readonly updated_at: OldTime;
}

export interface OldDeed {
  readonly id: number;
  readonly actor_id: number | null;
  readonly actor_role: string | null;
  readonly action: string;
  readonly entity_type: string;
  readonly entity_id: string | null;
  readonly payload: OldJson;
  readonly outcome: string;
  readonly message: string | null;
  readonly created_at: OldTime;
}

/** Everything in the old database, each table as its plain rows in the order of their ids. */
export interface OldLab {
  readonly admin_audit_log: readonly OldDeed[];
  readonly admin_invitations: readonly OldInvitation[];
  readonly admin_roles: readonly OldRole[];
  readonly admin_settings: readonly OldSetting[];
  readonly booking_favorite: readonly OldFavourite[];
  readonly booking_table: readonly OldBooking[];
  readonly device_attachments: readonly OldAttachment[];
  readonly device_health_snapshot: readonly OldHealth[];
  readonly device_history: readonly OldChange[];
  readonly device_ownership: readonly OldOwnership[];
  readonly device_table: readonly OldSchedulerDevice[];
  readonly device_tags: readonly OldWord[];
  readonly device_types: readonly OldType[];
  readonly devices: readonly OldAsset[];
  readonly inventory_device_tags: readonly OldAssetTag[];
  readonly maintenance_records: readonly OldMaintenanceRecord[];
  readonly manufacturers: readonly OldManufacturer[];
  readonly sites: readonly OldSite[];
  readonly tags: readonly OldTag[];
  readonly topology_review: readonly OldReview[];
  readonly topology_table: readonly OldTopology[];
  readonly user_table: readonly OldUser[];
}

export type OldTable = keyof OldLab;

export const OLD_TABLES: readonly OldTable[] = [
  ...(['user_table', 'admin_roles', 'admin_invitations', 'admin_settings', 'admin_audit_log'] as const),
  ...(['device_types', 'manufacturers', 'sites', 'tags', 'devices', 'device_table'] as const),
  ...(['inventory_device_tags', 'device_tags', 'device_ownership', 'device_history', 'maintenance_records'] as const),
  ...(['device_attachments', 'device_health_snapshot', 'booking_table', 'booking_favorite'] as const),
  ...(['topology_table', 'topology_review'] as const),
];
