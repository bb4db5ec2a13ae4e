"""What GO-02 says of training: attendance, tries at a quiz, how a paper is drawn and marked; pure."""
