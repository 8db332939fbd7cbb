"""Accounts of users: the same on all machines, with a group and folders for each project."""

import datetime
import os

# Beyond those that Debian gives.
FIRST_USER, FIRST_GROUP = 2000, 3000
EPOCH = datetime.date(1970, 1, 1)


def numbers(description):
    """Numbers of users and of the groups of projects, by name."""
    users = {account.user: FIRST_USER + place for place, account in enumerate(description.accounts)}
    groups = {project: FIRST_GROUP + place for place, project in enumerate(description.projects)}
    return users, groups


def files(root, description):
    """passwd, group and shadow of all machines, by path: text and mode."""
    users, groups = numbers(description)
    passwd = [f"{user}:x:{number}:{number}::/home/{user}:/bin/bash" for user, number in users.items()]
    group = [f"{user}:x:{number}:" for user, number in users.items()]
    for project, number in groups.items():
        members = [account.user for account in description.accounts if project in account.projects]
        group.append(f"{project}:x:{number}:{','.join(members)}")
    # No password fits, and the account is not locked.
    shadow = [f"{one.user}:*:19000:0:99999:7::{last_day(one.expires)}:" for one in description.accounts]
    return {
        f"/etc/{name}": ((root / "etc" / name).read_text() + "".join(f"{row}\n" for row in rows), mode)
        for name, rows, mode in (("passwd", passwd, 0o644), ("group", group, 0o644), ("shadow", shadow, 0o640))
    }


def last_day(expires):
    return "" if expires is None else (datetime.date.fromisoformat(expires) - EPOCH).days


def make_folders(state, description):
    """The shared file system: homes, and in each shared folder one of each project that only its members enter."""
    users, groups = numbers(description)
    for user, number in users.items():
        own(state.shared("/home", user), number, number, 0o700)
    for folder in description.shared:
        for project, number in groups.items():
            own(state.shared(folder, project), 0, number, 0o2770)
    for account in description.accounts:
        # That of a project is there; one of another name is the user's own.
        if account.work and not state.shared(account.work).exists():
            own(state.shared(account.work), users[account.user], groups[account.projects[0]], 0o2770)


def own(folder, user, group, mode):
    folder.mkdir(parents=True, exist_ok=True)
    os.chown(folder, user, group)
    os.chmod(folder, mode)


def shared(state, description):
    """Where each machine has what of the shared file system: its place there, and the folder here."""
    return [(path, state.shared(path)) for path in ("/home", *description.shared)]
