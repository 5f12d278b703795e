import { expect } from 'chai';
import { uploadedPaper } from '../../composition/uploaded-paper.js';

describe('a paper of the old lab', () => {
  for (const [oldPath, place] of [
    ['uploads/135/manual.pdf', '/old/uploads/135/manual.pdf'],
    ['/uploads/135/manual.pdf', '/old/uploads/135/manual.pdf'],
    ['135/manual.pdf', '/old/uploads/135/manual.pdf'],
    ['135/../136/..manual.pdf', '/old/uploads/136/..manual.pdf'],
    ['../../etc/passwd', null],
    ['uploads/../../etc/passwd', null],
    ['uploads/135/../../../etc/passwd', null],
    ['', null],
  ] as const) {
    it(`is ${place ?? 'nowhere'} when the old path is '${oldPath}'`, () => {
      expect(uploadedPaper('/old/uploads', oldPath)).to.equal(place);
    });
  }
});
