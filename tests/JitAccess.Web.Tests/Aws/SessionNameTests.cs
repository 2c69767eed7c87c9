using System.Text.RegularExpressions;
using CsCheck;
using JitAccess.Web.Aws;

namespace JitAccess.Web.Tests.Aws;

public class SessionNameTests
{
    [Theory]
    [InlineData("requester")]
    [InlineData("ann.lee@example.com")]
    [InlineData("a=b+c,d_e-f")]
    [InlineData("ab")]
    public void SessionName_SubjectThatAwsTakes_IsTheSubject(string person) => Assert.Equal(person, SessionName.Of(person));

    [Theory]
    [InlineData("Ann Lee", "Ann-Lee=")]
    [InlineData("auth0|42", "auth0-42=")]
    [InlineData("Zoë", "Zo-=")]
    [InlineData("x", "x=")]
    [InlineData("two\nlines", "two-lines=")]
    public void SessionName_SubjectThatAwsRefuses_KeepsWhatFitsAndEndsInAHash(string person, string begin) =>
        Assert.Matches($"\\A{Regex.Escape(begin)}[0-9a-f]{{16}}\\z", SessionName.Of(person));

    [Fact]
    public void SessionName_LongSubjectsThatDifferAtTheirEnd_StayDistinct()
    {
        string begin = new('p', 70);
        Assert.NotEqual(SessionName.Of(begin + "1"), SessionName.Of(begin + "2"));
        Assert.Equal(64, SessionName.Of(begin + "1").Length);
    }

    [Fact]
    public void SessionName_SubjectThatEqualsSomebodysHashedName_GetsAnotherName()
    {
        string hashed = SessionName.Of("Ann Lee");
        Assert.NotEqual(hashed, SessionName.Of(hashed));
    }

    [Fact]
    public void SessionName_AnySubject_FitsAwsGrammarAndIsTheSameEachTime() => Gen.String[1, 100].Sample(person =>
    {
        string name = SessionName.Of(person);
        return Regex.IsMatch(name, @"\A[A-Za-z0-9_+=,.@-]{2,64}\z") && name == SessionName.Of(person);
    });

    [Fact]
    public void SessionName_AnyTwoSubjects_StayDistinct()
    {
        Gen<string> subject = Gen.String[Gen.Char["aA |=-0"], 1, 70];
        Gen.Select(subject, subject).Sample((first, second) => first == second || SessionName.Of(first) != SessionName.Of(second));
    }
}
