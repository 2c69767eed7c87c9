using JitAccess.Domain.Policies;
using JitAccess.Web.Data;
using JitAccess.Web.Policies;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JitAccess.Sandbox.Seeding;

/// <summary>The policies of the demo: one for every kind of answer, on the nodes of the emulated accounts.</summary>
public static class DemoPolicies
{
    /// <summary>The role whose holders approve.</summary>
    public const string ApproverRole = "arn:aws:iam::111111111111:role/jit-approver";

    /// <summary>The policy set itself.</summary>
    public static PolicySet PolicySet { get; } = new()
    {
        DenyAccess =
        [
            new DenyAccessPolicy
            {
                Id = new Guid("01990000-0000-7000-8000-000000000001"),
                Order = 1,
                Name = "No automatic access to restricted data",
                Description = "Somebody looks before anybody touches restricted data.",
                Cedar = """
                    forbid (
                        principal,
                        action == AWS::SSM::Action::"getTokenForInstanceAccess",
                        resource
                    )
                    when {
                        resource.hasTag("data") && resource.getTag("data") == "restricted"
                    };
                    """,
            },
        ],
        AutoApproval =
        [
            new AutoApprovalPolicy
            {
                Id = new Guid("01990000-0000-7000-8000-000000000002"),
                Order = 1,
                Name = "Open nodes",
                Description = "Nodes that are marked for automatic access.",
                Cedar = """
                    permit (
                        principal,
                        action == AWS::SSM::Action::"getTokenForInstanceAccess",
                        resource
                    )
                    when {
                        resource.hasTag("access") && resource.getTag("access") == "auto"
                    };
                    """,
                MaximumHours = 1,
            },
        ],
        Manual =
        [
            new ManualPolicy
            {
                Id = new Guid("01990000-0000-7000-8000-000000000003"),
                Order = 1,
                Name = "Production",
                Description = "Every node that serves customers.",
                Target = new NodeTarget { Tags = [new TagPair("env", "prod")] },
                MaximumHours = 4,
                Levels = [OneApprover, OneApprover],
                BreakGlass = new BreakGlassRule { Groups = ["on-call"], MaximumHours = 1 },
            },
            new ManualPolicy
            {
                Id = new Guid("01990000-0000-7000-8000-000000000004"),
                Order = 2,
                Name = "Demo",
                Description = "The node to try things on.",
                Target = new NodeTarget { Tags = [new TagPair("Name", "demo-linux")] },
                MaximumHours = 24,
                Levels = [OneApprover],
            },
            new ManualPolicy
            {
                Id = new Guid("01990000-0000-7000-8000-000000000005"),
                Order = 3,
                Name = "All nodes of the main account",
                Target = new NodeTarget { Accounts = ["111111111111"] },
                MaximumHours = 8,
                Levels = [OneApprover],
            },
            new ManualPolicy
            {
                Id = new Guid("01990000-0000-7000-8000-000000000006"),
                Order = 4,
                Name = "All nodes in Tokyo",
                Target = new NodeTarget { Regions = ["ap-northeast-1"] },
                MaximumHours = 8,
                Levels = [OneApprover],
            },
        ],
    };

    private static ApprovalLevel OneApprover => new([new Approver(ApproverKind.Role, ApproverRole)], 1);

    /// <summary>Publishes the policies in a migrated database that has none yet.</summary>
    public static async Task SeedAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
        DbContextOptionsBuilder<JitAccessDbContext> options = new();
        DataSetup.Configure(options, source);
        await using JitAccessDbContext database = new(options.Options);
        if (await database.PolicySets.AnyAsync(cancellationToken)) return;
        database.PolicySets.Add(new PublishedPolicySet
        {
            Number = 1,
            Policies = PolicySet,
            PublishedAt = DateTimeOffset.UtcNow,
            PublishedBy = "admin",
            PublishedByName = "admin",
            Comment = "The demo's policies.",
        });
        await database.SaveChangesAsync(cancellationToken);
    }
}
