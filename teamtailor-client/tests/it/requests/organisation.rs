//! The company, users, departments, roles, regions, locations, teams.

use teamtailor_client::{
    JobId, TeamId,
    activities::ActivityInclude,
    companies::{CompanyPatch, UpdateCompany},
    departments::{
        CreateDepartment, DeleteDepartment, DepartmentInclude, DepartmentPatch, DepartmentSort,
        GetDepartment, ListDepartments, NewDepartment, UpdateDepartment,
    },
    locations::{
        CreateLocation, DeleteLocation, GetLocation, ListLocations, LocationPatch, LocationSort, NewLocation,
        UpdateLocation,
    },
    regions::{GetRegion, ListRegions, RegionSort},
    roles::{
        CreateRole, DeleteRole, GetRole, ListRoles, NewRole, RoleInclude, RolePatch, RoleSort, UpdateRole,
    },
    team_memberships::{
        CreateTeamMembership, DeleteTeamMembership, GetTeamMembership, ListTeamMemberships,
        NewTeamMembership, TeamMembershipInclude,
    },
    teams::{
        CreateTeam, DeleteTeam, GetTeam, ListTeams, NewTeam, TeamInclude, TeamPatch, TeamSort, UpdateTeam,
    },
    users::{
        CreateUser, DeleteUser, GetUser, ListUserActivities, ListUsers, NewUser, UpdateUser, UserInclude,
        UserPatch, UserRole, UserSort,
    },
};

use super::table::{ONCE, REPEATABLE, Table};

pub(super) fn rows(table: &mut Table) {
    table.row(
        &UpdateCompany::new(CompanyPatch::new().name("Example Turtles").locale("sv").clear_website().manager("12")),
        "update_company",
        "PATCH /company",
        concat!(
            r#"{"data":{"type":"companies","attributes":{"name":"Example Turtles","locale":"sv","website":null},"#,
            r#""relationships":{"manager":{"data":{"type":"users","id":"12"}}}}}"#,
        ),
        REPEATABLE,
    );
    users(table);
    table.row(
        &ListDepartments::new().include([DepartmentInclude::Roles]).sort(DepartmentSort::Name),
        "list_departments",
        "GET /departments?include=roles&sort=name&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &CreateDepartment::new(NewDepartment::new("Care").headline("Turtle care")),
        "create_department",
        "POST /departments",
        r#"{"data":{"type":"departments","attributes":{"name":"Care","headline":"Turtle care"}}}"#,
        ONCE,
    );
    table.row(
        &GetDepartment::new("5").include([DepartmentInclude::Teams]),
        "get_department",
        "GET /departments/5?include=teams",
        "",
        REPEATABLE,
    );
    table.row(
        &UpdateDepartment::new("5", DepartmentPatch::new().name("Health").clear_headline()),
        "update_department",
        "PATCH /departments/5",
        r#"{"data":{"id":"5","type":"departments","attributes":{"name":"Health","headline":null}}}"#,
        REPEATABLE,
    );
    table.row(&DeleteDepartment::new("5"), "delete_department", "DELETE /departments/5", "", REPEATABLE);
    table.row(
        &ListRoles::new().include([RoleInclude::Department]).sort(RoleSort::NameDescending),
        "list_roles",
        "GET /roles?include=department&sort=-name&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &CreateRole::new(NewRole::new("Keeper").department("5")),
        "create_role",
        "POST /roles",
        concat!(
            r#"{"data":{"type":"roles","attributes":{"name":"Keeper"},"#,
            r#""relationships":{"department":{"data":{"type":"departments","id":"5"}}}}}"#,
        ),
        ONCE,
    );
    table.row(&GetRole::new("3"), "get_role", "GET /roles/3", "", REPEATABLE);
    table.row(
        &UpdateRole::new("3", RolePatch::new().name("Head keeper")),
        "update_role",
        "PATCH /roles/3",
        r#"{"data":{"id":"3","type":"roles","attributes":{"name":"Head keeper"}}}"#,
        REPEATABLE,
    );
    table.row(&DeleteRole::new("3"), "delete_role", "DELETE /roles/3", "", REPEATABLE);
    table.row(
        &ListRegions::new().include(["locations"]).sort(RegionSort::CreatedAt),
        "list_regions",
        "GET /regions?include=locations&sort=created-at&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(&GetRegion::new("2"), "get_region", "GET /regions/2", "", REPEATABLE);
    table.row(
        &ListLocations::new().sort(LocationSort::City),
        "list_locations",
        "GET /locations?sort=city&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &CreateLocation::new(
            NewLocation::new()
                .name("Pond")
                .address("Reed 1")
                .zip("111 11")
                .city("Lake")
                .country("Sweden")
                .email("pond@example.com")
                .phone("1")
                .headquarters(true),
        ),
        "create_location",
        "POST /locations",
        concat!(
            r#"{"data":{"type":"locations","attributes":{"name":"Pond","address":"Reed 1","zip":"111 11","city":"Lake","country":"Sweden","#,
            r#""email":"pond@example.com","phone":"1","headquarters":true}}}"#,
        ),
        ONCE,
    );
    table.row(&GetLocation::new("9"), "get_location", "GET /locations/9", "", REPEATABLE);
    table.row(
        &UpdateLocation::new("9", LocationPatch::new().name("Lake").clear_phone().headquarters(false)),
        "update_location",
        "PATCH /locations/9",
        r#"{"data":{"id":"9","type":"locations","attributes":{"name":"Lake","phone":null,"headquarters":false}}}"#,
        REPEATABLE,
    );
    table.row(&DeleteLocation::new("9"), "delete_location", "DELETE /locations/9", "", REPEATABLE);
    teams(table);
}

fn users(table: &mut Table) {
    table.row(
        &ListUsers::new()
            .include([UserInclude::Department])
            .email("kim@example.com")
            .department("5")
            .external_id("x-1")
            .sort(UserSort::Name),
        "list_users",
        "GET /users?include=department&filter%5Bemail%5D=kim%40example.com&filter%5Bdepartment%5D=5&filter%5Bexternal-id%5D=x-1&sort=name&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &CreateUser::new(
            NewUser::new("kim@example.com").name("Kim Sample").role(UserRole::Recruiter).merge(true),
        ),
        "create_user",
        "POST /users",
        concat!(
            r#"{"data":{"type":"users","attributes":{"email":"kim@example.com","name":"Kim Sample","#,
            r#""role":"recruiter","merge":true}}}"#,
        ),
        ONCE,
    );
    table.row(
        &GetUser::new("12").include([UserInclude::Teams]),
        "get_user",
        "GET /users/12?include=teams",
        "",
        REPEATABLE,
    );
    table.row(
        &UpdateUser::new(
            "12",
            UserPatch::new()
                .email("kim2@example.com")
                .name("Kim")
                .clear_title()
                .clear_phone()
                .picture("https://images.example.com/kim.png")
                .external_id("x-2")
                .role(UserRole::NoAccess)
                .username("kim")
                .clear_description()
                .hide_email(true)
                .visible(false)
                .signature("Kim")
                .clear_facebook_profile()
                .clear_google_profile()
                .clear_instagram_profile()
                .clear_linkedin_profile()
                .clear_twitter_profile()
                .clear_other_profile()
                .notification_candidate_message(true)
                .notification_job(true)
                .notification_mention(true)
                .notification_connected_candidate(true)
                .notification_lead_message(true)
                .notification_hiring_team_application(true)
                .notification_recruiter_application(true)
                .notification_removal_request(true)
                .notification_daily_digest(false)
                .notification_gdpr_digest(false),
        ),
        "update_user",
        "PATCH /users/12",
        concat!(
            r#"{"data":{"id":"12","type":"users","attributes":{"email":"kim2@example.com","name":"Kim","title":null,"phone":null,"#,
            r#""picture":"https://images.example.com/kim.png","external-id":"x-2","role":"no_access","username":"kim","description":null,"hide-email":true,"#,
            r#""visible":false,"signature":"Kim","facebook-profile":null,"google-profile":null,"instagram-profile":null,"linkedin-profile":null,"#,
            r#""twitter-profile":null,"other-profile":null,"notification-candidate-message":true,"notification-job":true,"notification-mention":true,"#,
            r#""notification-connected-candidate":true,"notification-lead-message":true,"notification-hiring-team-application":true,"#,
            r#""notification-recruiter-application":true,"notification-removal-request":true,"notification-daily-digest":false,"#,
            r#""notification-gdpr-digest":false}}}"#,
        ),
        REPEATABLE,
    );
    table.row(
        &DeleteUser::new("12").assign_jobs_to_user_id("13"),
        "delete_user",
        "DELETE /users/12?assign_jobs_to_user_id=13",
        "",
        REPEATABLE,
    );
    table.row(
        &ListUserActivities::new("12").include([ActivityInclude::Job]),
        "list_user_activities",
        "GET /users/12/activities?include=job&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
}

fn teams(table: &mut Table) {
    table.row(
        &ListTeams::new().include([TeamInclude::Users]).sort(TeamSort::Name),
        "list_teams",
        "GET /teams?include=users&sort=name&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &CreateTeam::new(NewTeam::new("Night shift", "12").emoji("*").no_department(false)),
        "create_team",
        "POST /teams",
        concat!(
            r#"{"data":{"type":"teams","attributes":{"name":"Night shift","emoji":"*","no-department":false},"#,
            r#""relationships":{"user":{"data":{"type":"users","id":"12"}}}}}"#,
        ),
        ONCE,
    );
    table.row(&GetTeam::new("17"), "get_team", "GET /teams/17", "", REPEATABLE);
    table.row(
        &UpdateTeam::new("17", TeamPatch::new().name("Day shift").clear_emoji().no_department(true)),
        "update_team",
        "PATCH /teams/17",
        r#"{"data":{"id":"17","type":"teams","attributes":{"name":"Day shift","emoji":null,"no-department":true}}}"#,
        REPEATABLE,
    );
    table.row(&DeleteTeam::new("17"), "delete_team", "DELETE /teams/17", "", REPEATABLE);
    table.row(
        &ListTeamMemberships::new().include([TeamMembershipInclude::User]),
        "list_team_memberships",
        "GET /team-memberships?include=user&page%5Bsize%5D=30",
        "",
        REPEATABLE,
    );
    table.row(
        &CreateTeamMembership::new(NewTeamMembership::new("12", TeamId::from("17"))),
        "create_team_membership",
        "POST /team-memberships",
        concat!(
            r#"{"data":{"type":"team-memberships","relationships":{"team":{"data":{"type":"teams","id":"17"}},"#,
            r#""user":{"data":{"type":"users","id":"12"}}}}}"#,
        ),
        ONCE,
    );
    table.row(
        &CreateTeamMembership::new(NewTeamMembership::new("12", JobId::from("60"))),
        "create_team_membership",
        "POST /team-memberships",
        concat!(
            r#"{"data":{"type":"team-memberships","relationships":{"team":{"data":{"type":"jobs","id":"60"}},"#,
            r#""user":{"data":{"type":"users","id":"12"}}}}}"#,
        ),
        ONCE,
    );
    table.row(
        &GetTeamMembership::new("21").include([TeamMembershipInclude::Team]),
        "get_team_membership",
        "GET /team-memberships/21?include=team",
        "",
        REPEATABLE,
    );
    table.row(
        &DeleteTeamMembership::new("21"),
        "delete_team_membership",
        "DELETE /team-memberships/21",
        "",
        REPEATABLE,
    );
}
