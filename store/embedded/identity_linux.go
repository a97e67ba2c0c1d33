package embedded

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// nobody is the user id without rights on every known Linux.
const nobody = 65534

// identities lists the ways to run the server that may work here, best first.
// Existing data belongs to someone, and only that owner may serve it: owner is
// that user id, or -1 when there is no data yet.
func identities(owner int) []identity {
	me := os.Geteuid()
	if me != 0 {
		if _, err := user.LookupId(strconv.Itoa(me)); err == nil {
			return []identity{plain()}
		}
		return []identity{namespace(), plain()} // initdb insists on a user with a name
	}
	if owner > 0 {
		return []identity{dropTo(owner, owner)}
	}
	ways := []identity{namespace()}
	if owner == 0 {
		return ways
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			ways = append(ways, dropTo(idOf(u.Uid), idOf(u.Gid)))
		}
	}
	return ways
}

func plain() identity {
	return identity{name: "present user", owner: -1, group: -1, attr: base}
}

// base puts a program into its own process group, so that Ctrl-C reaches us
// alone and we stop the server in our own order, and ends it with us.
func base() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
}

// namespace maps our own user to nobody: PostgreSQL sees no root, the files stay ours.
func namespace() identity {
	inside := nobody
	if u, err := user.Lookup("nobody"); err == nil {
		inside = idOf(u.Uid)
	}
	return identity{name: "user namespace", owner: -1, group: -1, attr: func() *syscall.SysProcAttr {
		a := base()
		a.Cloneflags = syscall.CLONE_NEWUSER
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: inside, HostID: os.Geteuid(), Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: inside, HostID: os.Getegid(), Size: 1}}
		a.Credential = &syscall.Credential{Uid: uint32(inside), Gid: uint32(inside), NoSetGroups: true}
		return a
	}}
}

func dropTo(uid, gid int) identity {
	return identity{name: "user " + strconv.Itoa(uid), owner: uid, group: gid, attr: func() *syscall.SysProcAttr {
		a := base()
		a.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return a
	}}
}

// idOf reads a numeric id; the user database of a Unix holds nothing else.
func idOf(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return nobody
	}
	return n
}
