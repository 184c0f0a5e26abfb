//! The company, users, departments, roles, regions, locations, teams.

use teamtailor_client::{
    TeamId,
    companies::{CompanyPatch, GetCompany, UpdateCompany},
    departments::{
        CreateDepartment, DeleteDepartment, Department, DepartmentPatch, GetDepartment, ListDepartments,
        NewDepartment, UpdateDepartment,
    },
    jsonapi::ResourceIdentifier,
    locations::{
        CreateLocation, DeleteLocation, GetLocation, ListLocations, Location, LocationPatch, NewLocation,
        UpdateLocation,
    },
    regions::{GetRegion, ListRegions},
    roles::{CreateRole, DeleteRole, GetRole, ListRoles, NewRole, Role, RolePatch, UpdateRole},
    team_memberships::{
        CreateTeamMembership, DeleteTeamMembership, GetTeamMembership, ListTeamMemberships,
        NewTeamMembership, TeamMembership,
    },
    teams::{CreateTeam, DeleteTeam, GetTeam, ListTeams, NewTeam, Team, TeamPatch, UpdateTeam},
    users::{
        CreateUser, DeleteUser, GetUser, ListUserActivities, ListUsers, NewUser, UpdateUser, User, UserPatch,
        UserRole,
    },
};

use super::table::{
    ACTIVITY, DEPARTMENT, LOCATION, REGION, ROLE, TEAM, TEAM_MEMBERSHIP, Table, USER, assert_complete,
};
use crate::support::fixtures::COMPANY;

pub(super) fn rows(table: &mut Table) {
    assert_eq!(table.decode(&GetCompany::new(), COMPANY).data.attributes.locale.as_deref(), Some("sv"));
    let updated = table.decode(&UpdateCompany::new(CompanyPatch::new()), COMPANY).unwrap();
    assert_eq!(updated.data.attributes.name.as_deref(), Some("Example Turtles"));

    check_user(&table.first(&ListUsers::new(), USER));
    check_user(&table.one(&GetUser::new("1"), USER).data);
    check_user(&table.one(&CreateUser::new(NewUser::new("")), USER).data);
    check_user(&table.one(&UpdateUser::new("1", UserPatch::new()), USER).unwrap().data);
    table.nothing(&DeleteUser::new("1"));
    assert_eq!(table.first(&ListUserActivities::new("1"), ACTIVITY).id.as_str(), "1");

    let check = |department: &Department| {
        assert_complete(&department.attributes);
        assert_eq!(department.attributes.name.as_deref(), Some("Care"));
        assert_eq!(department.attributes.row_order, Some(1_073_741_824));
    };
    check(&table.first(&ListDepartments::new(), DEPARTMENT));
    check(&table.one(&GetDepartment::new("1"), DEPARTMENT).data);
    check(&table.one(&CreateDepartment::new(NewDepartment::new("")), DEPARTMENT).data);
    check(&table.one(&UpdateDepartment::new("1", DepartmentPatch::new()), DEPARTMENT).unwrap().data);
    table.nothing(&DeleteDepartment::new("1"));

    let check = |role: &Role| {
        assert_eq!(role.attributes.name.as_deref(), Some("Keeper"));
        assert_eq!(
            role.relationships.department.identifier(),
            Some(&ResourceIdentifier::new("departments", "5"))
        );
    };
    check(&table.first(&ListRoles::new(), ROLE));
    check(&table.one(&GetRole::new("1"), ROLE).data);
    check(&table.one(&CreateRole::new(NewRole::new("")), ROLE).data);
    check(&table.one(&UpdateRole::new("1", RolePatch::new()), ROLE).unwrap().data);
    table.nothing(&DeleteRole::new("1"));

    for region in [table.first(&ListRegions::new(), REGION), table.one(&GetRegion::new("1"), REGION).data] {
        assert_complete(&region.attributes);
        assert_eq!(region.attributes.name.as_deref(), Some("North"));
        assert_eq!(region.relationships.locations.identifiers()[0].id, "9");
    }

    let check = |location: &Location| {
        assert_complete(&location.attributes);
        assert_eq!(location.attributes.lat.as_deref(), Some("59.3"));
        assert_eq!(location.attributes.headquarters, Some(true));
    };
    check(&table.first(&ListLocations::new(), LOCATION));
    check(&table.one(&GetLocation::new("1"), LOCATION).data);
    check(&table.one(&CreateLocation::new(NewLocation::new()), LOCATION).data);
    check(&table.one(&UpdateLocation::new("1", LocationPatch::new()), LOCATION).unwrap().data);
    table.nothing(&DeleteLocation::new("1"));

    let check = |team: &Team| {
        assert_eq!(team.attributes.emoji.as_deref(), Some("*"));
        assert_eq!(team.relationships.users.identifiers().len(), 2);
    };
    check(&table.first(&ListTeams::new(), TEAM));
    check(&table.one(&GetTeam::new("1"), TEAM).data);
    check(&table.one(&CreateTeam::new(NewTeam::new("", "1")), TEAM).data);
    check(&table.one(&UpdateTeam::new("1", TeamPatch::new()), TEAM).unwrap().data);
    table.nothing(&DeleteTeam::new("1"));

    // It has no attributes at all, and its team is a job.
    let check = |membership: &TeamMembership| {
        assert_eq!(membership.relationships.team.identifier(), Some(&ResourceIdentifier::new("jobs", "60")));
        assert_eq!(membership.relationships.user.identifier(), Some(&ResourceIdentifier::new("users", "12")));
    };
    check(&table.first(&ListTeamMemberships::new(), TEAM_MEMBERSHIP));
    check(&table.one(&GetTeamMembership::new("1"), TEAM_MEMBERSHIP).data);
    let create = CreateTeamMembership::new(NewTeamMembership::new("1", TeamId::from("2")));
    check(&table.one(&create, TEAM_MEMBERSHIP).data);
    table.nothing(&DeleteTeamMembership::new("1"));
}

fn check_user(user: &User) {
    assert_complete(&user.attributes);
    assert_eq!(user.attributes.name.as_deref(), Some("Kim Sample"));
    assert_eq!(user.attributes.role, Some(UserRole::ExternalRecruiter));
    let picture = user.attributes.picture.as_ref().unwrap();
    let sizes = [&picture.standard, &picture.thumb, &picture.original];
    for (size, file) in sizes.into_iter().zip(["kim.jpg", "kim-40.jpg", "kim.png"]) {
        assert_eq!(size.as_deref(), Some(format!("https://images.example.com/{file}").as_str()));
    }
    assert_eq!(user.attributes.notification_lead_message, Some(false));
    assert!(user.relationships.teams.is_loaded() && user.relationships.teams.identifiers().is_empty());
}
