using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace JitAccess.Web.Data;

/// <summary>Postgres: one data source, a context factory, the change feed, and the keys that all replicas share.</summary>
public static class DataSetup
{
    public static void AddData(this IHostApplicationBuilder builder)
    {
        string connectionString = builder.Configuration.GetConnectionString("Database")
            ?? throw new InvalidOperationException("ConnectionStrings:Database is missing: the Npgsql connection string of JitAccess's database, for example Host=localhost;Database=jitaccess;Username=jitaccess.");
        builder.Services.AddSingleton(_ => DataSource(connectionString));
        builder.Services.AddPooledDbContextFactory<JitAccessDbContext>((services, options) => Configure(options, services.GetRequiredService<NpgsqlDataSource>()));
        builder.Services.AddDataProtection().SetApplicationName("JitAccess").PersistKeysToDbContext<JitAccessDbContext>();
        builder.Services.AddHostedService<ChangeFeed>();
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database");
    }

    /// <summary>Live: the process answers. Ready: it can do its work, which needs the database at its newest schema.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        routes.MapHealthChecks("/health/ready").AllowAnonymous();
    }

    /// <summary>The pool of connections.</summary>
    private static NpgsqlDataSource DataSource(string connectionString)
    {
        NpgsqlDataSourceBuilder source = new(connectionString);
        // The same few statements again and again: planning them each time was a good part of what a submit took. An operator's own word stands:
        // 0 where a pooler stands between that cannot keep prepared statements.
        if (!source.ConnectionStringBuilder.ShouldSerialize("Max Auto Prepare")) source.ConnectionStringBuilder.MaxAutoPrepare = 100;
        // Nothing is left behind in a session that would have to be reset: locks and settings are a transaction's, and the one LISTEN lasts as long as its connection.
        source.ConnectionStringBuilder.NoResetOnClose = true;
        return source.Build();
    }

    /// <summary>How every context is set up, in the application, in tools and in tests alike.</summary>
    public static void Configure(DbContextOptionsBuilder options, NpgsqlDataSource database) =>
        options.UseNpgsql(database).UseSnakeCaseNamingConvention();

    /// <summary>Brings the database to the newest schema. A step of its own: replicas do not run it at start.</summary>
    public static async Task MigrateAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        await using JitAccessDbContext database = await services.GetRequiredService<IDbContextFactory<JitAccessDbContext>>().CreateDbContextAsync(cancellationToken);
        await database.Database.MigrateAsync(cancellationToken);
    }

    private sealed class DatabaseHealth(IDbContextFactory<JitAccessDbContext> contexts) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using JitAccessDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
            string[] missing = [.. await database.Database.GetPendingMigrationsAsync(cancellationToken)];
            return missing.Length == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"The database lacks {missing.Length} migrations. Run JitAccess.Web --migrate.");
        }
    }
}
