//! Account, users, workspaces, and the log of calls.

use oneflow_client::{
    WorkspaceId,
    accounts::{GetAccount, GetWorkspace, ListUsers, ListWorkspaces, Ping},
    logs::ListLogs,
    shared::NameSort,
};

use super::{Row, row};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(&Ping::new(), "GET /v1/ping"),
        row(&GetAccount::new(), "GET /v1/accounts/me"),
        row(&ListUsers::new(), "GET /v1/users"),
        row(&ListUsers::new().limit(2).offset(4), "GET /v1/users?limit=2&offset=4"),
        row(&ListWorkspaces::new().limit(100), "GET /v1/workspaces?limit=100"),
        row(
            &ListWorkspaces::new().sort([NameSort::NameDescending]).name("HR & pay").id(WorkspaceId::new(12)),
            "GET /v1/workspaces?sort=-name&filter%5Bname%5D=HR%20%26%20pay&filter%5Bid%5D=12",
        ),
        row(&GetWorkspace::new(12), "GET /v1/workspaces/12"),
        row(&ListLogs::new().limit(10).offset(20), "GET /v1/logs?limit=10&offset=20"),
    ]
}
