use rustix::{
    fs::{Mode, OFlags, open},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
};
use std::{
    fs::File,
    io::Read,
    process::{Command, Stdio},
};

/// What a program says on a standard error that is a terminal, until its end.
pub(crate) fn said_on_a_terminal(mut command: Command) -> String {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
    grantpt(&terminal).expect("a right to it");
    unlockpt(&terminal).expect("an open lock");
    let name = ptsname(&terminal, Vec::new()).expect("a name");
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let its_side = open(name, flags, Mode::empty()).expect("its other side");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::from(its_side));
    let mut child = command.spawn().expect("a process");
    // The program alone has the other side now. Once it ends, reading fails.
    drop(command);
    let (mut said, mut terminal) = (Vec::new(), File::from(terminal));
    let _ = terminal.read_to_end(&mut said);
    child.wait().expect("its exit");
    String::from_utf8(said).expect("text")
}
