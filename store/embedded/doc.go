// Package embedded runs a private PostgreSQL, and a Redis inside the process,
// for those who gave no address of either.
//
// It knows where programs and data lie, who may run them and how to stop them.
// It never knows tables, and it never deletes data: what it cannot use it names.
//
//	Start: lock the directory ─▶ find or fetch programs ─▶ initdb (once) ─▶ postgres ─▶ ready
//	                │                     │                                     │
//	            ErrRunning      ErrOtherVersion, ErrNoBinaries            Stop (SIGINT) ─▶ done
//	                                                                            │
//	                                         death of this process, even by SIGKILL: the kernel
//	                                         sends the same SIGINT, so no orphan stays behind
//
// PostgreSQL refuses to run as root. Root therefore gets a user namespace in
// which the server believes to be "nobody" while its files stay root's; where
// namespaces are forbidden, the server drops to the user postgres or nobody.
//
// The server listens on a Unix socket only, in a directory only its owner may enter.
package embedded
