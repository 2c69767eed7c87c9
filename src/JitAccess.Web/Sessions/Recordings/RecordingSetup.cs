using JitAccess.Web.Aws;
using JitAccess.Web.Data;
using Microsoft.EntityFrameworkCore;

namespace JitAccess.Web.Sessions.Recordings;

/// <summary>Recordings: writing, reading, keeping.</summary>
internal static class RecordingSetup
{
    public static void AddRecordings(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RecordingOptions>().BindConfiguration(RecordingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<RecordingService>();
        builder.Services.AddSingleton(services => new RecordingQueries(
            services.GetRequiredService<IDbContextFactory<JitAccessDbContext>>(), services.GetRequiredService<RecordingService>(), services.GetRequiredService<TimeProvider>()));
        builder.Services.AddHostedService<LeftRecordings>();
        builder.Services.AddHostedService<RecordingRetention>();
        RecordingOptions wanted = builder.Configuration.GetSection(RecordingOptions.Section).Get<RecordingOptions>() ?? new RecordingOptions();
        if (wanted.Off) return;
        if (wanted.S3 is { Bucket: { Length: > 0 } bucket } s3)
            builder.Services.AddSingleton<IRecordingStore>(services => new BucketStore(services.GetRequiredService<IObjectStore>(), new ObjectPlace(bucket, s3.Region), s3.Prefix));
        else if (wanted.Folder is { Length: > 0 } folder) builder.Services.AddSingleton<IRecordingStore>(_ => new FolderStore(folder));
    }

    public static void MapRecordings(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/sessions/{id:guid}/recording.cast", RecordingDownload.CastAsync).RequireAuthorization().ExcludeFromDescription();
}
