import { expect } from 'chai';
import {
  assertMay,
  CAPABILITIES,
  DomainError,
  isAdmin,
  may,
  ROLES,
  roleCan,
  type Actor,
} from '../../../domain/index.js';

/** The lab's rules, written down here once more by hand. */
const rules = `
                     User  Viewer  Approver  Admin  Super Admin
  bookings:read      -     x       x         x      x
  bookings:write     -     -       x         x      x
  bookings:export    -     -       x         x      x
  devices:read       -     x       x         x      x
  devices:write      -     -       -         x      x
  users:read         -     x       x         x      x
  users:write        -     -       -         x      x
  logs:read          -     x       x         x      x
  logs:export        -     -       -         x      x
  settings:write     -     -       -         -      x
  topologies:write   -     -       -         x      x`;

const table = rules
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.trim().split(/\s+/));

describe('A role', () => {
  it('is one of five, each of which may do all that the one before may', () => {
    expect(ROLES).to.deep.equal(['User', 'Viewer', 'Approver', 'Admin', 'Super Admin']);
    for (const [index, role] of ROLES.entries()) {
      for (const lesser of ROLES.slice(0, index)) {
        const missing = CAPABILITIES.filter((capability) => roleCan(lesser, capability) && !roleCan(role, capability));
        expect(missing, `${role} and ${lesser}`).to.deep.equal([]);
      }
    }
  });

  it('knows eleven capabilities', () => {
    expect([...CAPABILITIES].sort()).to.deep.equal(table.map(([capability]) => capability).sort());
    expect(CAPABILITIES).to.have.lengthOf(11);
  });

  for (const [index, role] of ROLES.entries()) {
    it(`${role} may do what the rules say and nothing else`, () => {
      const allowed = table.filter((row) => row[index + 1] === 'x').map(([capability]) => capability);
      expect(CAPABILITIES.filter((capability) => roleCan(role, capability)).sort()).to.deep.equal(allowed.sort());
    });
  }

  it('is an administrator as Admin and as Super Admin', () => {
    expect(ROLES.filter(isAdmin)).to.deep.equal(['Admin', 'Super Admin']);
  });
});

describe('Somebody who asks', () => {
  const viewer: Actor = { id: 7, username: 'vera', role: 'Viewer' };

  it('may do what the role allows', () => {
    expect(may(viewer, 'devices:read')).to.be.true;
    expect(() => assertMay(viewer, 'devices:read')).not.to.throw();
  });

  it('is told which capability is missing', () => {
    expect(may(viewer, 'devices:write')).to.be.false;
    expect(() => assertMay(viewer, 'devices:write'))
      .to.throw(DomainError, 'Insufficient permissions')
      .that.deep.includes({ kind: 'forbidden', code: 'permission.denied', facts: { required: 'devices:write' } });
  });
});
