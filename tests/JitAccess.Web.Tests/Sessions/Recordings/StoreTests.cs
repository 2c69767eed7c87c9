using System.Text;
using Amazon.Runtime;
using JitAccess.Web.Aws;
using JitAccess.Web.Sessions.Recordings;
using Microsoft.Extensions.Options;

namespace JitAccess.Web.Tests.Sessions.Recordings;

/// <summary>Both stores keep to one contract.</summary>
public sealed class StoreTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jitaccess-recordings-");
    private TinyS3 _s3 = null!;
    private AwsClients _clients = null!;

    public enum Kind
    {
        Folder,
        Bucket,
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _s3 = await TinyS3.StartAsync();
        _clients = new AwsClients(Options.Create(new AwsOptions { HomeRegion = "eu-west-1", ServiceUrl = _s3.Address }), new BasicAWSCredentials("AKIAIOSFODNN7EXAMPLE", "secret"));
    }

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await _s3.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(Kind.Folder)]
    [InlineData(Kind.Bucket)]
    public async Task Parts_AreReadBackInOrder_WhileTheFileGrows(Kind kind)
    {
        IRecordingStore store = Store(kind);
        Guid session = Guid.CreateVersion7();
        await using IRecordingFile file = await store.CreateAsync(session, Cancellation);
        StringBuilder expected = new();
        for (int part = 0; part < 12; part++)
        {
            string text = $"part {part}; ";
            expected.Append(text);
            await file.AppendAsync(Encoding.UTF8.GetBytes(text), Cancellation);
            if (part is 0 or 5 or 11) Assert.Equal(expected.ToString(), await ReadAsync(store, session));
        }
    }

    [Theory]
    [InlineData(Kind.Folder)]
    [InlineData(Kind.Bucket)]
    public async Task File_IsNeverBegunTwice(Kind kind)
    {
        IRecordingStore store = Store(kind);
        Guid session = Guid.CreateVersion7();
        await using IRecordingFile file = await store.CreateAsync(session, Cancellation);
        await file.AppendAsync("first"u8.ToArray(), Cancellation);
        await Assert.ThrowsAsync<RecordingException>(() => store.CreateAsync(session, Cancellation));
        Assert.Equal("first", await ReadAsync(store, session));
    }

    [Theory]
    [InlineData(Kind.Folder)]
    [InlineData(Kind.Bucket)]
    public async Task Deleted_IsGone_AndDeletingAgainIsNoError(Kind kind)
    {
        IRecordingStore store = Store(kind);
        Guid session = Guid.CreateVersion7(), other = Guid.CreateVersion7();
        foreach (Guid one in new[] { session, other })
        {
            await using IRecordingFile file = await store.CreateAsync(one, Cancellation);
            for (int part = 0; part < 5; part++) await file.AppendAsync("x"u8.ToArray(), Cancellation);
        }
        await store.DeleteAsync(session, Cancellation);
        await store.DeleteAsync(session, Cancellation);
        await Assert.ThrowsAsync<RecordingException>(() => store.OpenAsync(session, Cancellation));
        Assert.Equal("xxxxx", await ReadAsync(store, other));
    }

    [Fact]
    public async Task Bucket_ThatRefuses_IsNamedWithoutWhatItSaid()
    {
        IRecordingStore store = Store(Kind.Bucket);
        await using IRecordingFile file = await store.CreateAsync(Guid.CreateVersion7(), Cancellation);
        _s3.Failure = (403, "AccessDenied");
        RecordingException denied = await Assert.ThrowsAsync<RecordingException>(() => file.AppendAsync("x"u8.ToArray(), Cancellation));
        Assert.Contains("S3 denied s3:PutObject on the bucket recordings-bucket", denied.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", denied.ToString(), StringComparison.Ordinal);
        RecordingException missing = await Assert.ThrowsAsync<RecordingException>(() => Store(Kind.Bucket, "another").CreateAsync(Guid.CreateVersion7(), Cancellation));
        Assert.Contains("The bucket another does not exist", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_ThatCannotBeWritten_IsSaid()
    {
        string file = Path.Combine(_folder.FullName, "a-file");
        await File.WriteAllTextAsync(file, "", Cancellation);
        RecordingException refused = await Assert.ThrowsAsync<RecordingException>(() => new FolderStore(Path.Combine(file, "below")).CreateAsync(Guid.CreateVersion7(), Cancellation));
        Assert.Contains("Recording:Folder", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_IsForItsOwnerAlone()
    {
        if (OperatingSystem.IsWindows()) return;
        await using IRecordingFile file = await Store(Kind.Folder).CreateAsync(Guid.CreateVersion7(), Cancellation);
        FileInfo found = _folder.EnumerateFiles("*", SearchOption.AllDirectories).Single();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, found.UnixFileMode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, found.Directory!.UnixFileMode);
    }

    [Theory]
    [InlineData(false, null, null, "key", "Recording:Folder or Recording:S3:Bucket is missing")]
    [InlineData(false, "/var/lib/x", "bucket", "key", "are both set")]
    [InlineData(false, "relative", null, "key", "not a full path")]
    [InlineData(false, "/var/lib/x", null, null, "Recording:Keys:0 is missing")]
    [InlineData(false, "/var/lib/x", null, "c2hvcnQ=", "Recording:Keys:0 is not 32 bytes in base64")]
    [InlineData(true, "/var/lib/x", null, null, "Recording:Off is true")]
    [InlineData(true, null, null, null, null)]
    [InlineData(false, "/var/lib/x", null, "key", null)]
    public void Settings_ThatAreWrong_AreNamedAndNeverRepeatAKey(bool off, string? folder, string? bucket, string? key, string? problem)
    {
        RecordingOptions options = new() { Off = off, Folder = folder, S3 = bucket is null ? null : new RecordingBucket { Bucket = bucket } };
        if (key is not null) options.Keys.Add(key == "key" ? Convert.ToBase64String(new byte[32]) : key);
        string[] problems = [.. options.Validate(new(options)).Select(result => result.ErrorMessage!)];
        if (problem is null) Assert.Empty(problems);
        else Assert.Contains(problems, found => found.Contains(problem, StringComparison.Ordinal) && !found.Contains("c2hvcnQ=", StringComparison.Ordinal));
    }

    private IRecordingStore Store(Kind kind, string bucket = "recordings-bucket") => kind == Kind.Folder
        ? new FolderStore(_folder.FullName)
        : new BucketStore(new ObjectStore(_clients), new ObjectPlace(bucket, null), "jit/");

    private static async Task<string> ReadAsync(IRecordingStore store, Guid session)
    {
        await using Stream file = await store.OpenAsync(session, Cancellation);
        using MemoryStream content = new();
        await file.CopyToAsync(content, Cancellation);
        return Encoding.UTF8.GetString(content.ToArray());
    }
}
