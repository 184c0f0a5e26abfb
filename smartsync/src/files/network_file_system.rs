//! Whether a file lies on another machine's disk: SQLite's locks and its shared memory do not reach across machines.

use std::path::Path;

/// The name of the network file system that `folder` is on; `None` for a disk of this machine, and where that cannot be told: what FUSE
/// stands in front of, the kernel does not say.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn network_file_system(folder: &Path) -> Option<&'static str> {
    name(rustix::fs::statfs(folder).ok()?.f_type)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn network_file_system(_: &Path) -> Option<&'static str> {
    None
}

/// By the numbers in the manual page of `statfs`, which are 32 bits: of what type they are differs from system to system.
#[cfg(any(target_os = "linux", target_os = "android", test))]
fn name(kind: impl TryInto<i64>) -> Option<&'static str> {
    let kind: i64 = kind.try_into().ok()?;
    Some(match kind & 0xFFFF_FFFF {
        0x6969 => "NFS",
        0x517B | 0xFE53_4D42 => "SMB",
        0xFF53_4D42 => "CIFS",
        0x0102_1997 => "9P",
        0x00C3_6400 => "Ceph",
        0x5346_414F | 0x6B41_4653 => "AFS",
        0x7375_7245 => "Coda",
        0x0BD0_0BD0 => "Lustre",
        0x4750_4653 => "GPFS",
        0x0116_1970 => "GFS2",
        0x7461_636F => "OCFS2",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_of_this_machine_is_none() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(network_file_system(folder.path()), None);
        assert_eq!(network_file_system(&folder.path().join("not there")), None);
        // ext4, XFS, Btrfs, tmpfs, overlay, and FUSE, in front of which may be anything.
        for kind in [0xEF53_i64, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0x794C_7630, 0x6573_5546] {
            assert_eq!(name(kind), None, "{kind:x}");
        }
    }

    /// Some systems give the number as a signed one of 32 bits.
    #[test]
    fn a_number_is_known_whatever_its_sign() {
        for (kind, expected) in
            [(0x6969_i64, "NFS"), (0xFF53_4D42, "CIFS"), (-11_317_950, "CIFS"), (0xFE53_4D42, "SMB")]
        {
            assert_eq!(name(kind), Some(expected), "{kind:x}");
        }
    }
}
