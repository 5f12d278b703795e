type Settings = Readonly<Record<string, string | undefined>>;

/** What the environment says, and what its operator should hear about it. */
export interface ReadSettings {
  readonly environment: Settings;
  readonly notices: readonly string[];
}

interface OldSetting {
  readonly old: string;
  readonly now: string;
  /** What the old words mean in new ones. */
  readonly translate: (value: string) => string;
}

/** A page of the frontend was named; what counts is where it is. */
const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url);

const RENAMED: readonly OldSetting[] = [
  { old: 'BACKEND_PORT', now: 'PORT', translate: (port) => port.trim() },
  {
    ...{ old: 'FRONTEND_URL', now: 'FRONTEND_ORIGINS' },
    translate: (list) =>
      list
        .split(',')
        .map((url) => originOf(url.trim()))
        .join(','),
  },
];

/** As SQLAlchemy writes it, with the driver's name and options for it. */
const SQLALCHEMY_URL = /^mysql\+(?:pymysql|mysqldb|mysqlconnector|aiomysql|asyncmy):\/\/([^?#]*)(?:\?.*)?$/;

/** The environment of the old backend in the names and words of this program. What is named anew goes over what is old. */
export const readOldSettings = (given: Settings): ReadSettings => {
  const environment: Record<string, string | undefined> = { ...given };
  const notices: string[] = [];
  for (const { old, now, translate } of RENAMED) {
    const value = given[old];
    if (value === undefined) continue;
    if (given[now] === undefined) {
      environment[now] = translate(value);
      notices.push(`${old} is read as ${now}. Please rename it: the old name will go.`);
    } else notices.push(`${old} is not read, since ${now} is given too. Please remove it.`);
  }
  const [, rest] = SQLALCHEMY_URL.exec(given.DATABASE_URL ?? '') ?? [];
  if (rest !== undefined) {
    environment.DATABASE_URL = `mysql://${rest}`;
    notices.push('DATABASE_URL names a Python driver and is read as mysql://, without options. Please change it.');
  }
  return { environment, notices };
};
